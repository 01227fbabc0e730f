/** A clause that the plugin broke. */
export interface Violation {
  readonly clause: string;
  /** What it did, in words. */
  readonly text: string;
}

/** Ends a scenario in which the plugin broke a clause. */
export class ClauseFailure extends Error {
  override readonly name = 'ClauseFailure';
  readonly clause: string;

  constructor(clause: string, message: string) {
    super(message);
    this.clause = clause;
  }
}

/** Ends a scenario that could not be carried out; that counts as a failure, `message` says what would help. */
export class CannotTestError extends Error {
  override readonly name = 'CannotTestError';
}

/** Fails the clause unless `condition` holds. */
export function demand(condition: boolean, clause: string, text: string): asserts condition {
  if (!condition) throw new ClauseFailure(clause, text);
}
