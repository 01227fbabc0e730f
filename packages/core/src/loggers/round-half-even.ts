/**
 * Rounds to `digits` decimals as the Python SDK does: to the nearest decimal of the exact binary value, exact halves to the
 * even digit (3.125 becomes 3.12). `toFixed` does all of that but the halves, which it rounds up.
 */
export function roundHalfEven(value: number, digits: number): number {
  // Only a value of the form odd / 2^(digits + 1) can lie exactly half-way between two decimals.
  const scaled = value * 2 ** (digits + 1);
  if (!Number.isInteger(scaled) || scaled % 2 === 0) return Number(value.toFixed(digits));
  const below = Math.floor((scaled * 5 ** digits) / 2);
  return (below % 2 === 0 ? below : below + 1) / 10 ** digits;
}

/**
 * The seconds between two readings of a clock in milliseconds. Each is turned into seconds first, so that the difference is
 * the one that a clock in seconds would show.
 */
export function secondsBetween(startMs: number, endMs: number): number {
  return endMs / 1000 - startMs / 1000;
}
