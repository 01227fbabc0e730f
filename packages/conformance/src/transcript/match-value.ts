import { isDeepStrictEqual } from 'node:util';

/** Two values and, for what may differ, a pattern: `$any`, `$type`, `$re`, `$unordered` in the place of a value. */
export interface Comparison {
  readonly actual: unknown;
  readonly expected: unknown;
  readonly match?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Where a value is not as a transcript says, in words; nothing when it is. A pattern is asked instead of the expected value
 * wherever there is one; a pattern that is a plain value must be equal.
 */
export function mismatches({ actual, expected, match }: Comparison, path = ''): string[] {
  const matcher = matcherOf(match);
  if (matcher !== undefined) return matcher(actual, path);
  if (isPlain(match)) return unequal(actual, match, path);
  if (isObject(actual) && (isObject(expected) || isObject(match))) return inObject({ actual, expected, match }, path);
  if (Array.isArray(actual) && Array.isArray(expected) && actual.length === expected.length) {
    return inArray(actual, { expected, match }, path);
  }
  return unequal(actual, expected, path);
}

function inObject({ actual, expected, match }: Comparison, path: string): string[] {
  const [ours, theirs, pattern] = [expected, actual, match].map((one) => (isObject(one) ? one : {})) as [
    Json,
    Json,
    Json,
  ];
  return [...new Set([theirs, ours, pattern].flatMap((object) => Object.keys(object)))].flatMap((key) =>
    mismatches({ actual: theirs[key], expected: ours[key], match: pattern[key] }, `${path}/${key}`),
  );
}

function inArray(
  actual: readonly unknown[],
  { expected, match }: { readonly expected: readonly unknown[]; readonly match: unknown },
  path: string,
): string[] {
  const pattern: readonly unknown[] = Array.isArray(match) ? match : [];
  return actual.flatMap((item, at) =>
    mismatches({ actual: item, expected: expected[at], match: pattern[at] }, `${path}/${at}`),
  );
}

/** A value instead of a pattern. */
function isPlain(match: unknown): boolean {
  return match !== undefined && (typeof match !== 'object' || match === null);
}

type Matcher = (actual: unknown, path: string) => string[];

function matcherOf(match: unknown): Matcher | undefined {
  if (!isObject(match)) return undefined;
  if ('$any' in match) return () => [];
  if ('$type' in match)
    return (actual, path) =>
      wrong(
        typesOf(match['$type']).some((is) => is(actual)),
        actual,
        { path, match },
      );
  if ('$re' in match) {
    const pattern = new RegExp(String(match['$re']), 'u');
    return (actual, path) => wrong(typeof actual === 'string' && pattern.test(actual), actual, { path, match });
  }
  if (!('$unordered' in match)) return undefined;
  return (actual, path) => wrong(holdsAll(actual, match['$unordered']), actual, { path, match });
}

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  array: (value) => Array.isArray(value),
  object: isObject,
};

function typesOf(names: unknown): ((value: unknown) => boolean)[] {
  return [names].flat().map((name) => {
    const type = TYPES[String(name)];
    if (type !== undefined) return type;
    throw new Error(`A pattern asks for the type '${String(name)}'; there are ${Object.keys(TYPES).join(', ')}.`);
  });
}

/** Whether each pattern finds an item of its own. The first that fits is taken, so that the special ones should come first. */
function holdsAll(actual: unknown, patterns: unknown): boolean {
  if (!Array.isArray(actual) || !Array.isArray(patterns) || actual.length !== patterns.length) return false;
  const left: unknown[] = [...(actual as unknown[])];
  return patterns.every((pattern) => {
    const at = left.findIndex((item) => mismatches({ actual: item, expected: pattern, match: pattern }).length === 0);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function wrong(
  fits: boolean,
  actual: unknown,
  { path, match }: { readonly path: string; readonly match: Json },
): string[] {
  return fits ? [] : [`${placeOf(path)} is ${shown(actual)}, which does not fit ${shown(match)}`];
}

function unequal(actual: unknown, expected: unknown, path: string): string[] {
  return isDeepStrictEqual(actual, expected) ? [] : [`${placeOf(path)} is ${shown(actual)}, not ${shown(expected)}`];
}

function placeOf(path: string): string {
  return path === '' ? 'it' : path;
}

function shown(value: unknown): string {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

const LONGEST = 300;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
