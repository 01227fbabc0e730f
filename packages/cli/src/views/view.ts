import type { JsonObject, RunEvent, RunReport } from '@synapse-steps/core';
import type { RunState } from '../run/run-state.js';

/** One way to show a run. It is told of each event after the state has taken it in. */
export interface View {
  onEvent(event: RunEvent, state: RunState): void;
  /** Says something that is no event of the run: what Ctrl-C does, what a plugin printed outside of a step. */
  say(text: string): void;
  /** The run is over: shows how it ended, and releases the terminal. */
  end(outcome: RunOutcome): void;
}

export interface RunOutcome {
  readonly report: RunReport;
  /** What an action returned. */
  readonly result?: unknown;
  /** In one sentence why the run did not succeed. */
  readonly failure: string | undefined;
  /** What a step had saved for its undo. */
  readonly undoDataOf: (step: string) => JsonObject | undefined;
}
