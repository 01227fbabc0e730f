import {
  ConfiguredStep,
  ParallelStep,
  RetryStep,
  TimeoutStep,
  type BaseStep,
  type JsonObject,
} from '@synapse-steps/core';
import { parseDuration } from './file/duration.js';
import type { ParallelDefinition, StepDefinition } from './file/workflow-file-schema.js';

/** A step with all that a workflow file says about it: a time limit holds for each attempt. */
export function configureStep(step: BaseStep, definition: StepDefinition, params: JsonObject | undefined): BaseStep {
  const { retry, timeout } = definition;
  let configured = withSettings(step, definition, params);
  if (timeout !== undefined) configured = new TimeoutStep(configured, { timeoutMs: parseDuration(timeout) });
  if (retry === undefined) return configured;
  return new RetryStep(configured, {
    ...(retry.attempts !== undefined && { attempts: retry.attempts }),
    ...(retry.delay !== undefined && { delayMs: parseDuration(retry.delay) }),
  });
}

function withSettings(step: BaseStep, definition: StepDefinition, params: JsonObject | undefined): BaseStep {
  const { name, weight, optional } = definition;
  if (name === undefined && weight === undefined && optional === undefined && params === undefined) return step;
  return new ConfiguredStep(step, {
    ...(name !== undefined && { name }),
    ...(weight !== undefined && { weight }),
    ...(optional !== undefined && { optional }),
    ...(params !== undefined && { params }),
  });
}

/** Steps side by side, as one step. */
export function parallelStep(children: readonly BaseStep[], definition: ParallelDefinition): BaseStep {
  const { name, weight, concurrency } = definition;
  return new ParallelStep(children, {
    ...(name !== undefined && { name }),
    ...(weight !== undefined && { progressWeight: weight }),
    ...(concurrency !== undefined && { concurrency }),
  });
}
