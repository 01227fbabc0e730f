import { wellFormedText } from '../../src/framing/parse-json-text.js';

/** A stream to be read, and how long a line of it may be. */
export interface FuzzCase {
  readonly stream: Buffer;
  readonly limit: number;
}

/** What a reader makes of one line: a frame of some shape, or nothing. */
export type LineReading = { readonly shape: string; readonly value: string } | { readonly refused: string };

/** What a reader makes of a stream. */
export interface Reading {
  readonly lines: readonly LineReading[];
  /** The first place at which cutting the stream in two changes what comes out. */
  readonly unstable: number | undefined;
}

/** What two readers disagree on, in words; `undefined` when they agree on accept, reject and value. Their reasons may differ. */
export function disagreement(one: Reading, other: Reading): string | undefined {
  for (const [name, { unstable }] of Object.entries({ TypeScript: one, Python: other })) {
    if (unstable !== undefined) return `${name} reads something else when the stream is cut at ${unstable}`;
  }
  if (one.lines.length !== other.lines.length) {
    return `TypeScript sees ${one.lines.length} lines, Python ${other.lines.length}`;
  }
  const at = one.lines.findIndex((line, index) => comparable(line) !== comparable(other.lines[index]));
  if (at === -1) return undefined;
  return `line ${at + 1}: TypeScript ${shown(one.lines[at])}, Python ${shown(other.lines[at])}`;
}

function comparable(line: LineReading | undefined): string {
  if (line === undefined || 'refused' in line) return 'refused';
  return `${line.shape} ${line.value}`;
}

function shown(line: LineReading | undefined): string {
  if (line === undefined) return 'sees nothing';
  return 'refused' in line ? `refuses it (${line.refused})` : `takes a ${line.shape}: ${line.value.slice(0, 300)}`;
}

/**
 * A value as text that is equal for equal values: keys in order, lone surrogates replaced (the host does that to all that it
 * reads; Python keeps them).
 */
export function sameText(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [wellFormedText(key), sorted(item)] as const);
  const last = new Map(entries); // keys that become equal: the last one counts, as for keys that are equal
  return [...last].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
