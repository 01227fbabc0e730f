import { BaseStep } from '@synapse-steps/core';
import type { RequestResult } from '../protocol/methods.js';

/** What a step of a plugin may declare beside what every step may. It concerns the plugin's processes only. */
export interface ServedStepTraits {
  /** The step gets a process that has served nothing and serves nothing else meanwhile. Default false. */
  readonly exclusive?: boolean;
  /** Names of the variables, or secrets, without which it cannot run: its run is refused before anything begins. Default none. */
  readonly env?: readonly string[];
}

/** Steps as a plugin describes them. */
export function describeSteps(steps: readonly BaseStep[]): Partial<RequestResult<'describe'>> {
  return {
    steps: steps.map((step: BaseStep & ServedStepTraits) => ({
      name: step.name,
      weight: step.progressWeight,
      title: step.title ?? null,
      version: null,
      step_params: null,
      can_skip: step.canSkip !== BaseStep.prototype.canSkip,
      rollback: step.hasRollback,
      irreversible: step.irreversible ?? false,
      pivot: step.pivot ?? false,
      optional: step.optional ?? false,
      rollback_own_failure: step.rollbackOwnFailure ?? true,
      on_interrupt: step.onInterrupt ?? null,
      timeout_ms: null,
      cancel_grace_ms: finiteOrNull(step.cancelGraceMs),
      hang_timeout_ms: null,
      ...needsOf(step),
    })),
    actions: [],
  };
}

/** What a step needs of its process: what it declares itself, and what the steps in it do, wrapped or side by side. */
function needsOf(step: BaseStep & ServedStepTraits): { exclusive: boolean; env: string[] } {
  const all = [step, ...stepsIn(step)];
  return {
    exclusive: all.some(({ exclusive }) => exclusive === true),
    env: [...new Set(all.flatMap(({ env }) => env ?? []))],
  };
}

function stepsIn(step: BaseStep): (BaseStep & ServedStepTraits)[] {
  const inner = [...('inner' in step ? [step.inner as BaseStep] : []), ...(step.children ?? [])];
  return inner.flatMap((one) => [one, ...stepsIn(one)]);
}

/** A grace without end is one that the step minds itself; JSON has no word for it. */
function finiteOrNull(value: number | undefined): number | null {
  return value === undefined || value === Infinity ? null : value;
}
