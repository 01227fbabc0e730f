import { goldenBytes, goldenFile, goldenFolder } from '../golden-frames.js';
import { generateStream, Random } from './generate-stream.js';
import type { PythonReader } from './python-reader.js';
import { disagreement, type FuzzCase } from './reading.js';
import { readTypeScript } from './typescript-reader.js';

/** What a run of the fuzzer has seen. */
export interface FuzzSummary {
  streams: number;
  lines: number;
  accepted: number;
  bytes: number;
  readonly disagreements: Disagreement[];
}

/** A stream, as small as it could be made, of which the two readers make something different. */
interface Disagreement extends FuzzCase {
  readonly what: string;
}

/** Feeds both readers with generated streams until `goesOn` says no; stops early after a few disagreements. */
export async function fuzz(
  python: PythonReader,
  { seed, goesOn }: { readonly seed: number; readonly goesOn: (summary: FuzzSummary) => boolean },
): Promise<FuzzSummary> {
  const random = new Random(seed);
  const seeds = seedFrames();
  const summary: FuzzSummary = { streams: 0, lines: 0, accepted: 0, bytes: 0, disagreements: [] };
  while (goesOn(summary) && summary.disagreements.length < MAX_DISAGREEMENTS) {
    const fuzzCase = generateStream(random, seeds);
    const { lines } = readTypeScript(fuzzCase);
    summary.streams += 1;
    summary.lines += lines.length;
    summary.accepted += lines.filter((line) => 'shape' in line).length;
    summary.bytes += fuzzCase.stream.length;
    if ((await compareReaders(python, fuzzCase)) !== undefined)
      summary.disagreements.push(await smaller(python, fuzzCase));
  }
  return summary;
}

const MAX_DISAGREEMENTS = 10;

/** What the two readers disagree on, in words; `undefined` when they agree. */
export async function compareReaders(python: PythonReader, fuzzCase: FuzzCase): Promise<string | undefined> {
  return disagreement(readTypeScript(fuzzCase), await python.read(fuzzCase));
}

/** The streams that once were read differently, or are likely to be. */
export function corpus(): (FuzzCase & { readonly title: string })[] {
  return goldenFolder('fuzz-corpus').map((entry) => ({
    title: entry.title,
    stream: goldenBytes(entry),
    limit: entry.limit ?? LIMIT,
  }));
}

const LIMIT = 8 * 1024 * 1024;

function seedFrames(): Buffer[] {
  const frames = [...goldenFolder('frames'), ...goldenFile('host-frames/recovery.json')].map(goldenBytes);
  const short = frames.filter(({ length }) => length < 600);
  return [...short, ...corpus().map(({ stream }) => stream)];
}

/** Takes away what is not needed for the disagreement, in ever smaller pieces. */
async function smaller(python: PythonReader, fuzzCase: FuzzCase): Promise<Disagreement> {
  let { stream } = fuzzCase;
  for (let size = Math.ceil(stream.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < stream.length;) {
      const without = Buffer.concat([stream.subarray(0, at), stream.subarray(at + size)]);
      if (without.at(-1) === 0x0a && (await compareReaders(python, { ...fuzzCase, stream: without })) !== undefined)
        stream = without;
      else at += size;
    }
  }
  return { ...fuzzCase, stream, what: (await compareReaders(python, { ...fuzzCase, stream })) ?? '' };
}
