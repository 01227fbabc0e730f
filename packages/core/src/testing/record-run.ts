import type { BaseStepContext } from '../context/base-step-context.js';
import { StepFailedError } from '../errors/run-errors.js';
import type { RunEvent } from '../events/run-event.js';
import { Orchestrator, type OrchestratorOptions } from '../orchestrator/orchestrator.js';
import { StepRegistry } from '../registry/step-registry.js';
import type { RunReport } from '../report/run-report.js';
import type { BaseStep } from '../step/base-step.js';

export interface RecordRunOptions<TContext extends BaseStepContext> extends OrchestratorOptions<TContext> {
  /** Called with each event while the run goes on; may cancel the run, or throw. */
  readonly onEvent?: (event: RunEvent, orchestrator: Orchestrator<TContext>) => void;
  /** Roll the `history` back instead of resuming it. */
  readonly rollBack?: boolean;
}

export interface RecordedRun {
  readonly report: RunReport;
  readonly events: readonly RunEvent[];
  /** What `execute` rejected with, if it did. */
  readonly error: unknown;
}

/**
 * Runs steps over a context and tells all that happened, for tests of steps and workflows. A failed undo is tried again
 * without a pause unless `undo` says otherwise.
 *
 * @throws whatever is not the failure of a run: wrong use, say.
 */
export async function recordRun<TContext extends BaseStepContext>(
  steps: readonly BaseStep<TContext>[],
  context: TContext,
  options: RecordRunOptions<TContext> = {},
): Promise<RecordedRun> {
  const { onEvent, rollBack = false, ...orchestratorOptions } = options;
  const registry = new StepRegistry<TContext>();
  for (const step of steps) registry.register(step);
  const orchestrator = new Orchestrator(registry, context, { undo: { delayMs: 0 }, ...orchestratorOptions });
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => {
    events.push(event);
    onEvent?.(event, orchestrator);
  });
  try {
    const report = await (rollBack ? orchestrator.rollBack() : orchestrator.execute());
    return { report, events, error: undefined };
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    return { report: error.report, events, error };
  }
}
