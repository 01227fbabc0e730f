import { FrameReader } from '../../src/framing/frame-reader.js';
import { LineSplitter } from '../../src/framing/line-splitter.js';
import { parseFrame } from '../../src/framing/parse-frame.js';
import { type FuzzCase, type LineReading, type Reading, sameText } from './reading.js';

const MAX_DEPTH = 64;

/** What the reader of this package makes of a stream. */
export function readTypeScript(fuzzCase: FuzzCase): Reading {
  const { stream, limit } = fuzzCase;
  const whole = linesOf([stream], limit);
  return { lines: whole.map(readLine), unstable: firstUnstableCut(fuzzCase, whole) };
}

/** A line, or `undefined` in place of one that is too long. */
type Line = Buffer | undefined;

function linesOf(chunks: readonly Buffer[], limit: number): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(
    { onLine: (line) => void lines.push(line), onTooLong: () => void lines.push(undefined) },
    { maxBytes: limit },
  );
  for (const chunk of chunks) splitter.push(chunk);
  return lines;
}

function readLine(line: Line): LineReading {
  if (line === undefined) return { refused: 'too large' };
  const parsed = parseFrame(line, { maxDepth: MAX_DEPTH });
  return parsed.ok ? { shape: parsed.frame.kind, value: sameText(parsed.value) } : { refused: parsed.problem };
}

function firstUnstableCut({ stream, limit }: FuzzCase, whole: readonly Line[]): number | undefined {
  const bytes = [...stream].map((byte) => Buffer.from([byte]));
  if (!sameLines(linesOf(bytes, limit), whole) || heard(bytes, limit) !== heard([stream], limit)) return 0;
  for (let at = 1; at < stream.length; at += 1) {
    if (!sameLines(linesOf([stream.subarray(0, at), stream.subarray(at)], limit), whole)) return at;
  }
  return undefined;
}

function sameLines(one: readonly Line[], other: readonly Line[]): boolean {
  if (one.length !== other.length) return false;
  return one.every((line, index) => {
    const twin = other[index];
    return line === undefined || twin === undefined ? line === twin : line.equals(twin);
  });
}

/** All that the whole reader says, glued frames included. */
function heard(chunks: readonly Buffer[], limit: number): string {
  const said: unknown[] = [];
  const reader = new FrameReader(
    {
      onFrame: ({ value }) => void said.push(['frame', value]),
      onStray: (text, problem) => void said.push(['stray', text.toString('latin1'), problem]),
      onTooLarge: () => void said.push(['too large']),
    },
    { maxFrameBytes: limit, maxDepth: MAX_DEPTH },
  );
  for (const chunk of chunks) reader.push(chunk);
  return JSON.stringify(said);
}
