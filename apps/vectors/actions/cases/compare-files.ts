import { say } from './compare-values.js';
import { fileValue, type FileMap } from './file-value.js';
import { isSameText } from './placeholders.js';

/** An id that the recorder of the vectors counted up, because the SDK makes them at random. */
const COUNTED_ID = /^id\d{8}$/;
const CLOSE = 1e-9;

/** Where two folders say different things first, by file; undefined when they agree. */
export function filesDifference(expected: FileMap, observed: FileMap): string | undefined {
  const names = [Object.keys(expected).toSorted(), Object.keys(observed).toSorted()] as const;
  const missing = names[0].filter((name) => !Object.hasOwn(observed, name));
  const more = names[1].filter((name) => !Object.hasOwn(expected, name));
  if (missing.length > 0 || more.length > 0) {
    return `/files: missing ${JSON.stringify(missing)}, not expected ${JSON.stringify(more)}`;
  }
  for (const name of names[0]) {
    const [wanted, found] = [expected, observed].map((files) => fileValue(name, files[name] ?? {}));
    const difference = new ValueComparison().difference(wanted, found, `/files/${name}#`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Compares two values of one file: an id that was made at random stands for one other id wherever it is named. */
class ValueComparison {
  readonly #ids = new Map<string, string>();

  difference(expected: unknown, observed: unknown, path: string): string | undefined {
    if (isRecord(expected) && isRecord(observed) && Array.isArray(expected) === Array.isArray(observed)) {
      return this.#partsDifference(expected, observed, path);
    }
    return this.#isSame(expected, observed) ? undefined : say(path, expected, observed);
  }

  #partsDifference(expected: object, observed: object, path: string): string | undefined {
    const [wanted, found] = [expected, observed].map((value) => new Map<string, unknown>(Object.entries(value)));
    for (const key of new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])) {
      const difference = this.difference(wanted?.get(key), found?.get(key), `${path}/${key}`);
      if (difference !== undefined) return difference;
    }
    return undefined;
  }

  #isSame(expected: unknown, observed: unknown): boolean {
    if (typeof expected === 'number') return isClose(expected, observed);
    if (typeof expected !== 'string') return expected === observed;
    return COUNTED_ID.test(expected) ? this.#isSameId(expected, observed) : isSameText(expected, observed);
  }

  #isSameId(expected: string, observed: unknown): boolean {
    if (typeof observed !== 'string' || observed === '') return false;
    const known = this.#ids.get(expected);
    if (known === undefined && [...this.#ids.values()].includes(observed)) return false;
    this.#ids.set(expected, known ?? observed);
    return (known ?? observed) === observed;
  }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isClose(expected: number, observed: unknown): boolean {
  return typeof observed === 'number' && Math.abs(expected - observed) <= CLOSE * Math.max(1, Math.abs(expected));
}
