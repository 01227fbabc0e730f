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
import type { RuleId } from '../rules/rules.js';
import { ModelWorkflow } from './model-actions.js';
import { ModelJobLogger } from './model-job-logger.js';
import { ModelLogger } from './model-logger.js';
import { modelOperation } from './model-operations.js';
import { ModelRegistry } from './model-registry.js';
import { look, resultOf } from './model-step.js';
import { PythonError } from './python-error.js';
import { World } from './world.js';

type Expectation = Record<string, unknown>;

/**
 * What the SDK does with a case, except for the points in which ours differs by `rules`. Without rules this must be what
 * was recorded; with them it is what ours must do.
 */
export function modelCase(
  { kind, given, sdk }: Pick<VectorCase, 'kind' | 'given' | 'sdk'>,
  rules: ReadonlySet<RuleId>,
): Expectation {
  const world = new World(rules, releaseOf(sdk));
  const expectation = models[kind](given, world);
  return world.warnings.length > 0 ? { ...expectation, warnings: world.warnings } : expectation;
}

const models: Record<VectorKind, (given: Record<string, Json>, world: World) => Expectation> = {
  step_result(given) {
    const { fields } = fieldsGivenSchema.parse(given);
    return {
      fields: resultOf(fields),
      timestamp_is_utc: true,
      equal_when_same_values: true,
      containers_shared: fields.data !== undefined || fields.rollback_data !== undefined,
    };
  },
  registry(given, world) {
    const registry = new ModelRegistry(world, () => {});
    const results = opsGivenSchema.parse(given).ops.map((op) => brief(attempt(() => registry.edit(op))));
    const names = registry.steps.map(({ name }) => name);
    return {
      results,
      names,
      length: names.length,
      truthy: world.differs('js-truth') || names.length > 0,
      total_weight: registry.totalWeight,
      proportions: registry.shares,
      orders: Object.fromEntries(names.map((name, index) => [name, index])),
    };
  },
  workflow: modelWorkflow,
  context(given, world) {
    const parsed = workflowGivenSchema.parse(given);
    const built = attempt(() => new ModelWorkflow(parsed, world));
    if ('raised' in built) return { constructor: built };
    const workflow = built.returned as ModelWorkflow;
    const results = (parsed.actions ?? []).map((action) => brief(attempt(() => workflow.perform(action))));
    const { current, failureTold, errors } = workflow.context;
    return {
      results,
      logger: world.entries,
      context: {
        current_step: current?.name ?? null,
        current_step_order: current?.order ?? null,
        user_failure_message_emitted: failureTold,
        errors,
      },
    };
  },
  logger(given, world) {
    const results = operateAll(new ModelLogger(world), opsGivenSchema.parse(given).ops, world);
    return { results, logger: world.entries };
  },
  job_logger(given, world) {
    const { proportions, options, client, ops, show_requests: show } = jobGivenSchema.parse(given);
    const logger = new ModelJobLogger(world, {
      batchSize: options?.log_batch_size,
      logInterval: options?.log_flush_interval,
      progressInterval: options?.progress_flush_interval,
      proportions,
      client,
    });
    const results = operateAll(logger, ops, world);
    return {
      results,
      overall: logger.requests.flatMap(overallOf),
      final: logger.progress.record(logger.order),
      ...(show === true && { requests: logger.requests }),
      request_count: logger.requests.length,
    };
  },
};

function modelWorkflow(given: Record<string, Json>, world: World): Expectation {
  const parsed = workflowGivenSchema.parse(given);
  const built = attempt(() => {
    const workflow = new ModelWorkflow(parsed, world);
    return { workflow, totalWeight: workflow.registry.totalWeight, orchestrator: workflow.orchestrator() };
  });
  if ('raised' in built) return { constructor: built };
  const { workflow, totalWeight, orchestrator } = built.returned as {
    workflow: ModelWorkflow;
    totalWeight: number;
    orchestrator: ReturnType<ModelWorkflow['orchestrator']>;
  };
  const outcomes = Array.from({ length: parsed.runs ?? 1 }, () => attempt(() => orchestrator.execute()));
  look('after', workflow.context);
  const { calls, progress, rollbacks, seen, entries, state } = world;
  return {
    outcomes,
    calls,
    progress,
    total_weight: totalWeight,
    step_results: workflow.context.results,
    errors: workflow.context.errors,
    rollbacks,
    current_step_seen: seen,
    ...(entries.length > 0 && { logger: entries }),
    ...(Object.keys(state).length > 0 && { state }),
    ...(workflow.requests.length > 0 && { requests: workflow.requests }),
  };
}

function overallOf(request: Record<string, unknown>): number[] {
  const body = request['update_job'] as { progress_record?: { current_progress: { overall: number } } } | undefined;
  return body?.progress_record ? [body.progress_record.current_progress.overall] : [];
}

function operateAll(logger: ModelLogger, ops: readonly Action[], world: World): unknown[] {
  return ops.map((op) => brief(attempt(() => modelOperation(logger, op, world))));
}

type Attempt =
  | { readonly returned: unknown }
  | { readonly raised: { type: string; message: string; chained: boolean } };

function attempt(action: () => unknown): Attempt {
  try {
    return { returned: action() ?? null };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { raised: { type: error.type, message: error.message, chained: error.chained } };
  }
}

function brief(outcome: Attempt): Attempt | null {
  return 'returned' in outcome && outcome.returned === null ? null : outcome;
}
