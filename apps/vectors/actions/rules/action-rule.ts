import type { Rule } from '../../rules/rule.js';
import type { ActionVector } from '../cases/action-vector.js';

/** `expect` of a vector while rules work on it: a part that is `{any}` is not compared. */
export type Rewritten = Record<string, unknown>;

/**
 * A point in which ours differs from the SDK's action on purpose. Whether it concerns a vector is told by what the vector
 * gives and expects, never by its name.
 */
export interface ActionRule<TVector = ActionVector> extends Rule {
  /** What is expected of ours, made of what is expected of the SDK; the same object where the rule does not apply. */
  rewrite(expect: Rewritten, vector: TVector): Rewritten;
}
