import { datasetFormats, type DatasetFormat } from '@synapse-steps/datasets';

/** The format that somebody meant by another word, a slip of the keyboard or another tool's name for it. */
export function likelyFormat(word: string): DatasetFormat | undefined {
  const plain = letters(word);
  const alias = ALIASES[plain];
  if (alias !== undefined) return alias;
  const [best] = datasetFormats
    .map((format) => ({ format, likeness: likeness(plain, letters(format)) }))
    .toSorted((one, other) => other.likeness - one.likeness);
  return best !== undefined && best.likeness >= LIKELY ? best.format : undefined;
}

const ALIASES: Readonly<Record<string, DatasetFormat>> = {
  dm: 'dm_v2',
  datamaker: 'dm_v2',
  voc: 'pascal',
  ultralytics: 'yolo',
};

/** How many of the pairs of letters two words share: from 0 to 1. */
function likeness(one: string, other: string): number {
  const [mine, rest] = [pairs(one), pairs(other)];
  const all = mine.length + rest.length;
  let shared = 0;
  for (const pair of mine) {
    const at = rest.indexOf(pair);
    if (at === -1) continue;
    rest.splice(at, 1);
    shared += 2;
  }
  return shared / all;
}

const LIKELY = 0.6;

function pairs(word: string): string[] {
  return Array.from({ length: Math.max(1, word.length - 1) }, (_, index) => word.slice(index, index + 2));
}

function letters(word: string): string {
  return word
    .toLowerCase()
    .replaceAll(/[^a-z\d]/g, '')
    .slice(0, LONGEST);
}

const LONGEST = 40;
