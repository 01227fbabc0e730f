/** What a benchmark could find of its peers, and a note for each that it could not. */
export interface Found<T> {
  readonly found: readonly T[];
  readonly notes: readonly string[];
}

/** Peers come from a network that may be missing: without one a benchmark still measures the rest, and says what it lacks. */
export async function findOptional<T>(
  peers: Readonly<Record<string, () => Promise<T>>>,
  say: (what: string) => void,
): Promise<Found<T>> {
  const found: T[] = [];
  const notes: string[] = [];
  for (const [name, find] of Object.entries(peers)) {
    try {
      found.push(await find());
    } catch (error) {
      const note = `${name} LEFT OUT: ${error instanceof Error ? error.message : String(error)}`;
      notes.push(note);
      say(note);
    }
  }
  return { found, notes };
}
