import { expect } from 'vitest';

import { StepResult, type BaseStep, type RunEvent } from '../src/index.js';
import { play, traced, type TraceContext } from './contract-steps.js';

/** A step of `weight` that reports `reports` (of 100) and ends. */
export function reporting(
  name: string,
  progressWeight: number,
  reports: readonly number[] = [],
): BaseStep<TraceContext> {
  return traced(name, {
    progressWeight,
    execute: (context) => {
      for (const current of reports) context.setProgress(current, 100);
      return StepResult.ok();
    },
  });
}

/** The percents that `onProgress` was told of. */
export async function percentsOf(
  steps: readonly BaseStep<TraceContext>[],
  onEvent?: (event: RunEvent) => void,
): Promise<number[]> {
  const percents: number[] = [];
  await play(steps, {
    onProgress: (percent, total) => {
      expect(total).toBe(100);
      percents.push(percent);
    },
    ...(onEvent && { onEvent }),
  });
  return percents;
}
