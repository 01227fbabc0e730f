import {
  Orchestrator,
  RuntimeContext,
  StepFailedError,
  type OrchestratorOptions,
  type RunEvent,
  type RunReport,
  type StepRegistry,
} from '@synapse-steps/core';
import { MemoryJournal } from '@synapse-steps/core/testing';
import { BaseTrainAction } from '../src/base-train-action.js';
import { LocalDatasetStep } from '../src/steps/local-dataset-step.js';
import type { TrainContext } from '../src/train-context.js';
import type { TrainResult } from '../src/train-result.js';
import { folderOf } from './train-run.js';

/** A trainer that gets a folder of this machine, and whose model stays there. */
export abstract class LocalTrainer<TValue = unknown> extends BaseTrainAction<typeof BaseTrainAction.params, TValue> {
  constructor(workDir: string) {
    super({ dataset: 1 }, new RuntimeContext({ workDir }));
  }

  override setupSteps(registry: StepRegistry<TrainContext>): void {
    registry.register(new LocalDatasetStep({ path: 'data' })).register(this.trainStep());
  }
}

/** A working directory with a data set in it, until the test is over. */
export function workDir(): Promise<string> {
  return folderOf({ 'data/': '' });
}

export interface ActionRun<TValue> {
  readonly report: RunReport;
  readonly result: TrainResult<TValue> | undefined;
  readonly error: StepFailedError | undefined;
  readonly events: readonly RunEvent[];
  readonly context: TrainContext;
  /** What a host would find after a crash at this moment. */
  readonly journal: MemoryJournal;
}

export interface RunActionOptions extends OrchestratorOptions<TrainContext> {
  readonly onEvent?: (event: RunEvent, orchestrator: Orchestrator<TrainContext>) => void;
  /** Undo the `history` instead of going on with it. */
  readonly rollBack?: boolean;
  /** The host dies, as far as its journal can tell, when this event has been written. */
  readonly journal?: MemoryJournal;
}

/** Runs an action with a journal, and tells all that happened. */
export async function runAction<TValue>(
  action: BaseTrainAction<typeof BaseTrainAction.params, TValue>,
  { onEvent, rollBack = false, journal = new MemoryJournal(), ...options }: RunActionOptions = {},
): Promise<ActionRun<TValue>> {
  const { registry, context, createResult } = await action.prepare();
  const orchestrator = new Orchestrator(registry, context, { undo: { delayMs: 0 }, journal, ...options });
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => {
    events.push(event);
    onEvent?.(event, orchestrator);
  });
  try {
    const report = await (rollBack ? orchestrator.rollBack() : orchestrator.execute());
    return {
      report,
      result: rollBack ? undefined : await createResult(report),
      error: undefined,
      events,
      context,
      journal,
    };
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    return { report: error.report, result: undefined, error, events, context, journal };
  }
}

/** The data of the log lines of an event. */
export function logged(events: readonly RunEvent[], event: string): unknown[] {
  return events.flatMap((entry) => (entry.type === 'step-log' && entry.event === event ? [entry.data] : []));
}
