import type { Violation } from '../subject/clause-failure.js';

/**
 * What came of a scenario. `cannot-test` and `unexpected-pass` are failures too: what was not tried is not proven, and an
 * excuse that is not needed any more is to be taken back.
 */
export type ScenarioStatus =
  | 'passed'
  | 'failed'
  | 'cannot-test'
  | 'not-applicable'
  | 'expected-failure'
  | 'unexpected-pass';

/** One scenario and what came of it. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly clauses: readonly string[];
  readonly status: ScenarioStatus;
  /** What was broken. */
  readonly problems: readonly Violation[];
  /** What is only advised, and not followed; no failure. */
  readonly warnings: readonly Violation[];
  /** Why it could not be tried. */
  readonly reason?: string;
}

/** One clause and what was seen of it. */
export interface ClauseResult {
  readonly id: string;
  readonly rule: string;
  /** Only advised (SHOULD in the specification). */
  readonly isAdvice: boolean;
  /** `not-followed`: it is only advised, and the plugin does otherwise. `not-seen`: nothing that this plugin did or offers concerns it. `untried`: it cannot be tried from outside. */
  readonly status: 'kept' | 'broken' | 'not-followed' | 'not-seen' | 'untried';
  /** Why it cannot be tried; only of one that is `untried`. */
  readonly reason?: string;
}

/** Everything that came of a check. */
export interface ConformanceReport {
  readonly protocolVersion: 1;
  readonly command: readonly string[];
  readonly passed: boolean;
  readonly scenarios: readonly ScenarioResult[];
  /** All warnings of the scenarios, each once; they fail nothing. */
  readonly warnings: readonly Violation[];
  readonly clauses: readonly ClauseResult[];
}

/** Whether a scenario with this status fails the check. */
export function isFailure(status: ScenarioStatus): boolean {
  return status === 'failed' || status === 'cannot-test' || status === 'unexpected-pass';
}

/** The reason of every scenario that was not even begun, because the first one found no plugin. */
export const WITHOUT_HANDSHAKE = 'the handshake failed';
