import type { Capabilities, StepDescription } from '@synapse-steps/bridge/protocol';
import type { Bench, StepRoles } from './bench.js';

/** What the plugin says of itself; found out once, before the scenarios. */
export interface Facts {
  readonly capabilities: Capabilities;
  readonly steps: readonly StepDescription[];
}

/** One thing that is tried with a fresh process. */
export interface Scenario {
  /** A short name, for `--expect-fail`. */
  readonly name: string;
  /** A sentence about what a right plugin does. */
  readonly title: string;
  /** The clauses that it tries; others are judged on the way. */
  readonly clauses: readonly string[];
  /** Whether it concerns this plugin; left out for what concerns all. */
  readonly appliesTo?: (facts: Facts, roles: StepRoles) => boolean;
  /** Throws ClauseFailure, or CannotTestError when it cannot be carried out. */
  readonly run: (bench: Bench) => Promise<void>;
}
