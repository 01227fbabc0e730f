/** A number as label files have it: six decimals; what lies in the middle goes to the even neighbour, as in Python. */
export function sixDecimals(value: number): string {
  // Only odd multiples of 1/128 lie in the middle of two numbers with six decimals, and they do so exactly.
  const parts = value * 128;
  if (!Number.isInteger(parts) || parts % 2 === 0) return value.toFixed(6);
  const below = Math.floor(parts * 7812.5);
  return ((below % 2 === 0 ? below : below + 1) / 1e6).toFixed(6);
}
