import { isRecord, same, say, within } from './compare-values.js';
import { ownWords } from './placeholders.js';

/** Whether each step in turn has written these lines, in any order. */
export function linesDifference(
  expected: readonly unknown[] | undefined,
  observed: readonly unknown[] | undefined,
  path: string,
): string | undefined {
  if (expected === undefined) return undefined;
  const blocks = blocksOf(observed ?? []);
  for (const { step, lines } of blocksOf(expected.filter(isContract))) {
    const place = blocks.findIndex((block) => block.step === step);
    if (place < 0) return say(path, lines[0], undefined);
    const [block] = blocks.splice(0, place + 1).slice(-1);
    const left = [...(block?.lines ?? [])];
    for (const line of lines) {
      const found = left.findIndex((one) => isSameLine(line, one));
      if (found < 0)
        return say(
          path,
          line,
          left.filter((one) => eventOf(one) === eventOf(line)),
        );
      left.splice(found, 1);
    }
  }
  return undefined;
}

interface Block {
  readonly step: unknown;
  readonly lines: unknown[];
}

function blocksOf(lines: readonly unknown[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const step: unknown = Array.isArray(line) ? line[0] : (line as { readonly step?: unknown }).step;
    const last = blocks.at(-1);
    if (last?.step === step) last?.lines.push(line);
    else blocks.push({ step, lines: [line] });
  }
  return blocks;
}

function eventOf(line: unknown): unknown {
  return Array.isArray(line) ? line[2] : (line as { readonly event?: unknown }).event;
}

function isSameLine(expected: unknown, observed: unknown): boolean {
  if (Array.isArray(expected)) {
    const own = expected.map((part, index) => (index === 3 ? ownWords(String(part)) : part) as unknown);
    return same(own, observed, '') === undefined;
  }
  if (!isRecord(expected) || !isRecord(observed)) return false;
  const { data, ...rest } = expected;
  const { data: found, ...others } = observed;
  return same(rest, others, '') === undefined && within(ownWordsOf(data), found, '') === undefined;
}

function ownWordsOf(data: unknown): unknown {
  if (!isRecord(data)) return data;
  const texts = Object.entries(data).map(([key, value]) => [
    key,
    (key === 'message' || key === 'error') && typeof value === 'string' ? ownWords(value) : value,
  ]);
  return Object.fromEntries(texts);
}

function isContract(line: unknown): boolean {
  return eventOf(line) !== 'upload_action_log';
}
