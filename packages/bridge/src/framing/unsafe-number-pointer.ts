/**
 * Where in a value a number stands that does not travel (infinite, or an integer beyond ±(2^53−1)), as a JSON pointer.
 * `undefined` when there is none.
 */
export function unsafeNumberPointer(value: unknown): string | undefined {
  if (typeof value === 'number') return isUnsafe(value) ? '' : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const rest = unsafeNumberPointer(item);
    if (rest !== undefined) return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}${rest}`;
  }
  return undefined;
}

/** From 10^21 on numbers are written with an exponent, which nobody reads as an exact integer. */
function isUnsafe(value: number): boolean {
  return !Number.isFinite(value) || (Number.isInteger(value) && !Number.isSafeInteger(value) && Math.abs(value) < 1e21);
}
