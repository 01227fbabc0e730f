import { RuntimeContext, StepFailedError, type RunEvent, type RunReport, type StepRegistry } from '@synapse-steps/core';
import { MemoryJournal, recordRun, type RecordRunOptions } from '@synapse-steps/core/testing';

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

export interface RunActionOptions extends RecordRunOptions<TrainContext> {
  /** The host dies, as far as its journal can tell, when this event has been written. */
  readonly journal?: MemoryJournal;
}

/** Runs an action with a journal, and tells all that happened. */
export async function runAction<TValue>(
  action: BaseTrainAction<typeof BaseTrainAction.params, TValue>,
  { rollBack = false, journal = new MemoryJournal(), ...options }: RunActionOptions = {},
): Promise<ActionRun<TValue>> {
  const { registry, context, createResult } = await action.prepare();
  const { report, error, events } = await recordRun([...registry], context, { journal, rollBack, ...options });
  const result = rollBack || error !== undefined ? undefined : await createResult(report);
  return { report, result, error: StepFailedError.is(error) ? error : undefined, events, context, journal };
}

/** The data of the log lines of an event. */
export function logged(events: readonly RunEvent[], event: string): unknown[] {
  return events.flatMap((entry) => (entry.type === 'step-log' && entry.event === event ? [entry.data] : []));
}
