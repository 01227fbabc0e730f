/**
 * A point in which ours differs from the SDK on purpose. A rule is never about single cases: wherever a case comes to this
 * point, what is expected of it is worked out anew, in full, as `ours` says, and compared.
 */
export interface Rule {
  readonly id: string;
  /** The weaknesses that it mends, or the peculiarity of Python behind it. */
  readonly defects: readonly string[];
  /** Which cases it touches. */
  readonly where: string;
  readonly sdk: string;
  readonly ours: string;
  readonly why: string;
}
