/** The known words in the order of their likeness to `word`; those as like as each other keep their order. */
export function closestFirst(word: string, known: readonly string[]): string[] {
  return known
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ candidate }) => candidate);
}

/**
 * `Did you mean 'x'? ` when a known word is so like it that a slip is likely, or begins as it does (`train`, `training`); an
 * empty text otherwise.
 */
export function didYouMean(word: string, known: readonly string[]): string {
  const likely = closestFirst(word, known).find((candidate) => isLike(word.toLowerCase(), candidate.toLowerCase()));
  return likely === undefined ? '' : `Did you mean '${likely}'? `;
}

function isLike(word: string, other: string): boolean {
  const [short = '', long = ''] = [word, other].toSorted((a, b) => a.length - b.length);
  if (short.length >= MOST_TELLING && long.startsWith(short)) return true;
  return editDistance(word, other) <= Math.max(1, Math.floor(long.length / 3));
}

/** A word of so many letters hardly begins another one by chance. */
const MOST_TELLING = 4;

/** How many insertions, deletions, replacements and swaps of neighbours lead from one word to the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const replaced = at(last, column - 1) + (same ? 0 : 1);
      let distance = Math.min(replaced, at(last, column) + 1, at(current, column - 1) + 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) distance = Math.min(distance, at(beforeLast, column - 2) + 1);
      current.push(distance);
    }
    [beforeLast, last] = [last, current];
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
