import { isSameText } from './placeholders.js';

/** Where two values differ first. */
export function same(expected: unknown, observed: unknown, path: string): string | undefined {
  if (typeof expected === 'string') return isSameText(expected, observed) ? undefined : say(path, expected, observed);
  if (Array.isArray(expected)) return listDifference(expected, observed, path);
  if (isRecord(expected)) return recordDifference(expected, observed, path);
  return expected === observed ? undefined : say(path, expected, observed);
}

function listDifference(expected: readonly unknown[], observed: unknown, path: string): string | undefined {
  if (!Array.isArray(observed)) return say(path, expected, observed);
  for (let index = 0; index < Math.max(expected.length, observed.length); index += 1) {
    const difference = same(expected[index], observed[index], `${path}/${index}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function recordDifference(expected: Record<string, unknown>, observed: unknown, path: string): string | undefined {
  if (!isRecord(observed)) return say(path, expected, observed);
  const extra = Object.keys(observed).find((key) => !Object.hasOwn(expected, key) && observed[key] !== undefined);
  if (extra !== undefined) return say(`${path}/${extra}`, undefined, observed[extra]);
  return within(expected, observed, path);
}

/** As {@link same}, but a record may have more keys than was expected. */
export function within(expected: unknown, observed: unknown, path: string): string | undefined {
  if (!isRecord(expected) || !isRecord(observed)) return same(expected, observed, path);
  for (const [key, value] of Object.entries(expected)) {
    if (key.startsWith('_')) continue; // the SDK's own business
    const difference = same(value, observed[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Null, or without any entry or field. */
export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

export function say(path: string, expected: unknown, observed: unknown): string {
  return `${path}: expected ${show(expected)}, found ${show(observed)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);
}
