import { parseArgs } from 'node:util';

export interface BenchArguments {
  /** In the order in which they are known, without repeats; all when none was named. */
  readonly ids: readonly string[];
  readonly json: boolean;
  readonly quick: boolean;
  readonly help: boolean;
}

/** Thrown for a wrong command line; the message is for the user. */
export class BenchUsageError extends Error {
  override readonly name = 'BenchUsageError';
}

/** @throws BenchUsageError that lists what there is. */
export function parseArguments(args: readonly string[], known: readonly string[]): BenchArguments {
  const { values, positionals } = parse(args);
  const wanted = positionals.map((id) => id.toUpperCase());
  const unknown = wanted.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw new BenchUsageError(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  }
  return { ...values, ids: wanted.length === 0 ? known : known.filter((id) => wanted.includes(id)) };
}

function parse(args: readonly string[]): { values: Omit<BenchArguments, 'ids'>; positionals: string[] } {
  const flag = { type: 'boolean', default: false } as const;
  try {
    return parseArgs({ args: [...args], options: { json: flag, quick: flag, help: flag }, allowPositionals: true });
  } catch (error) {
    throw new BenchUsageError(error instanceof Error ? error.message : String(error));
  }
}
