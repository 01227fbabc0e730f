import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import { interruptible } from '../run/interruptible.js';
import { readTime } from './read-time.js';

export interface KeptOptions {
  readonly json?: boolean;
}

export interface ClearKeptOptions extends KeptOptions {
  readonly unusedFor: string;
}

/** Things of one kind that are kept for the next time. */
export interface Kept<T extends { readonly lastUsed: Date }> {
  /** Of their list in JSON. */
  readonly key: string;
  /** What is said when there are none. */
  readonly none: string;
  readonly list: () => Promise<readonly T[]>;
  /** Gives those that were removed. */
  readonly clear: (options: { readonly unusedForMs: number; readonly signal: AbortSignal }) => Promise<readonly T[]>;
  /** One of them, to be put after the day on which it was used last. */
  readonly textOf: (one: T) => string;
}

/** Shows what is kept. */
export async function showKept<T extends { readonly lastUsed: Date }>(
  kept: Kept<T>,
  options: KeptOptions,
): Promise<number> {
  show(await kept.list(), kept, { ...options, none: kept.none, verb: '' });
  return EXIT.succeeded;
}

/** Removes what nobody has used for a while. */
export async function clearKept<T extends { readonly lastUsed: Date }>(
  kept: Kept<T>,
  options: ClearKeptOptions,
): Promise<number> {
  const unusedForMs = readTime('--unused-for', options.unusedFor);
  const removed = await interruptible(async (signal) => await kept.clear({ unusedForMs, signal }));
  show(removed, kept, { ...options, none: `Nothing was unused for ${options.unusedFor}.`, verb: 'removed  ' });
  return EXIT.succeeded;
}

interface Shown extends KeptOptions {
  readonly none: string;
  readonly verb: string;
}

function show<T extends { readonly lastUsed: Date }>(
  all: readonly T[],
  { key, textOf }: Kept<T>,
  { json, none, verb }: Shown,
): void {
  const output = new Output();
  if (json) return output.line(printableJson({ [key]: all }));
  const lines = all.map((one) => `${verb}${one.lastUsed.toISOString().slice(0, 10)}  ${textOf(one)}`);
  for (const line of (lines.length === 0 ? [none] : lines).flatMap(printableLines)) output.line(line);
}
