import { isDeepStrictEqual } from 'node:util';
import { JobLogger, StepRegistry, StepResult, type BaseLogger } from '@synapse-steps/core';
import {
  fieldsGivenSchema,
  jobGivenSchema,
  opsGivenSchema,
  workflowGivenSchema,
  type Action,
  type Json,
  type VectorCase,
  releaseOf,
  type VectorKind,
} from '../cases/vector-file.js';
import { operate } from './logger-operations.js';
import { RecordingLogger } from './recording-logger.js';
import { ScriptedClient } from './scripted-client.js';
import { describeError, type Raised } from './scripted-error.js';
import type { StepSurroundings } from './scripted-step.js';
import { Trace } from './trace.js';
import { editRegistry, Workflow } from './workflow.js';

type Given = Record<string, Json>;
export type Observed = Record<string, unknown>;

/** Does what a case says with core's public API; returns what came out, in the form of `expect`. */
export function interpretCase({ kind, given, sdk }: Pick<VectorCase, 'kind' | 'given' | 'sdk'>): Promise<Observed> {
  return interpreters[kind](given, new Trace(releaseOf(sdk) === 'current'));
}

const interpreters: Record<VectorKind, (given: Given, trace: Trace) => Promise<Observed>> = {
  step_result: interpretStepResult,
  registry: interpretRegistry,
  workflow: interpretWorkflow,
  context: interpretContext,
  logger: interpretLogger,
  job_logger: interpretJobLogger,
};

async function interpretStepResult(given: Given): Promise<Observed> {
  const { fields } = fieldsGivenSchema.parse(given);
  const { rollback_data: rollbackData, ...others } = fields;
  const make = (): StepResult =>
    new StepResult({ ...others, ...(rollbackData && { rollbackData }) } as ConstructorParameters<typeof StepResult>[0]);
  const [first, second] = [make(), make()];
  second.timestamp = first.timestamp;
  return {
    fields: observedResult(first),
    timestamp_is_utc: /^\d{4}-\d\d-\d\dT.*Z$/.test(first.timestamp),
    equal_when_same_values: isDeepStrictEqual(first, second),
    containers_shared: first.data === second.data || first.rollbackData === second.rollbackData,
  };
}

function observedResult({ success, data, error, rollbackData, skipped }: StepResult): Observed {
  return { success, data, error, rollback_data: rollbackData, skipped };
}

async function interpretRegistry(given: Given, trace: Trace): Promise<Observed> {
  const registry = new StepRegistry();
  const surroundings: StepSurroundings = {
    trace,
    perform: () => Promise.reject(new Error('The steps of a registry case are never run.')),
  };
  const results: unknown[] = [];
  for (const op of opsGivenSchema.parse(given).ops) {
    results.push(brief(await attempt(() => editRegistry(registry, op, surroundings))));
  }
  const names = registry.getSteps().map(({ name }) => name);
  return {
    results,
    names,
    length: registry.size,
    truthy: Boolean(registry),
    total_weight: registry.totalWeight,
    proportions: registry.shares(),
    orders: Object.fromEntries(names.map((name, index) => [name, index])),
  };
}

async function interpretWorkflow(given: Given, trace: Trace): Promise<Observed> {
  const parsed = workflowGivenSchema.parse(given);
  const built = await attempt(() => {
    const made = new Workflow(parsed, trace);
    return { workflow: made, orchestrator: made.orchestrator() };
  });
  if ('raised' in built) return { constructor: built };
  const { workflow, orchestrator } = built.returned as {
    workflow: Workflow;
    orchestrator: ReturnType<Workflow['orchestrator']>;
  };
  const totalWeight = workflow.registry.totalWeight;
  const outcomes: unknown[] = [];
  for (let run = 0; run < (parsed.runs ?? 1); run += 1) outcomes.push(await attempt(() => execute(orchestrator)));
  trace.look('after', workflow.context);
  const { calls, progress, rollbacks, seen } = trace;
  return {
    outcomes,
    calls,
    progress,
    total_weight: totalWeight,
    step_results: workflow.context.stepResults.map(observedResult),
    errors: workflow.context.errors,
    rollbacks,
    current_step_seen: seen,
    ...(trace.logger.length > 0 && { logger: trace.logger }),
    ...(Object.keys(trace.state).length > 0 && { state: trace.state }),
    ...(workflow.client.requests.length > 0 && { requests: workflow.client.requests }),
  };
}

async function execute(orchestrator: ReturnType<Workflow['orchestrator']>): Promise<Observed> {
  const { success, stepsExecuted, stepsTotal } = await orchestrator.execute();
  return { success, steps_executed: stepsExecuted, steps_total: stepsTotal };
}

async function interpretContext(given: Given, trace: Trace): Promise<Observed> {
  const parsed = workflowGivenSchema.parse(given);
  const built = await attempt(() => new Workflow(parsed, trace));
  if ('raised' in built) return { constructor: built };
  const workflow = built.returned as Workflow;
  const { context } = workflow;
  const results: unknown[] = [];
  for (const action of parsed.actions ?? []) {
    results.push(brief(await attempt(() => workflow.perform(action, context))));
  }
  return {
    results,
    logger: trace.logger,
    context: {
      current_step: context.currentStep ?? null,
      current_step_order: context.currentStepOrder ?? null,
      user_failure_message_emitted: context.userFailureMessageEmitted,
      errors: context.errors,
    },
  };
}

async function interpretLogger(given: Given, trace: Trace): Promise<Observed> {
  const results = await operateAll(new RecordingLogger(trace), opsGivenSchema.parse(given).ops, trace);
  return { results, logger: trace.logger };
}

async function interpretJobLogger(given: Given, trace: Trace): Promise<Observed> {
  const { proportions, options = {}, client: script, ops, show_requests: show } = jobGivenSchema.parse(given);
  const client = new ScriptedClient(script);
  const seconds = (value: number | undefined): number | undefined => (value === undefined ? undefined : value * 1000);
  const logger = new JobLogger(
    client,
    'job-1',
    defined({
      proportions,
      logBatchSize: options.log_batch_size,
      logFlushMs: seconds(options.log_flush_interval),
      progressFlushMs: seconds(options.progress_flush_interval),
      clock: trace.clock,
    }),
  );
  const results = await operateAll(logger, ops, trace);
  const records = client.requests.flatMap(({ update_job: body }) => progressOf(body) ?? []);
  return {
    results,
    overall: records.map((record) => record.current_progress.overall),
    final: logger.getProgressRecord(),
    ...(show === true && { requests: client.requests }),
    request_count: client.requests.length,
  };
}

function progressOf(body: unknown): ReturnType<JobLogger['getProgressRecord']> | undefined {
  return (body as { progress_record?: ReturnType<JobLogger['getProgressRecord']> } | undefined)?.progress_record;
}

/** Without the keys that have no value. */
function defined<T extends object>(options: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]: Exclude<T[K], undefined> };
}

async function operateAll(logger: BaseLogger, ops: readonly Action[], trace: Trace): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const op of ops) results.push(brief(await attempt(() => operate(logger, op, trace.clock))));
  return results;
}

type Attempt = { readonly returned: unknown } | Raised;

async function attempt(action: () => unknown): Promise<Attempt> {
  try {
    return { returned: (await action()) ?? null };
  } catch (error) {
    return describeError(error);
  }
}

/** "Returned nothing" is shortened to null. */
function brief(outcome: Attempt): Attempt | null {
  return 'returned' in outcome && outcome.returned === null ? null : outcome;
}
