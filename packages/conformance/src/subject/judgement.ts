import type { Violation } from './clause-failure.js';

/** What came of looking at one message: the clauses of which something was seen, and those that it broke. */
export interface Judgement {
  readonly seen: readonly string[];
  readonly violations: readonly Violation[];
}

/** The clause of a place in a message that has one of its own, wherever it stands: patches and capabilities. */
export function clauseOfPlace(place: string): string | undefined {
  if (place.startsWith('capabilities')) return 'IN-5';
  if (!place.startsWith('patch')) return undefined;
  return place.endsWith('/path') ? 'CX-4' : 'CX-3';
}

/** The way to a part of a message, as text. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.map(String).join('/');
}
