import type { StepRecord } from '../../actions/cases/action-vector.js';
import { failedStep, logsOf, stepsOf } from '../../actions/rules/rewriting.js';
import type { Rewritten } from './train-rule.js';

// What rules of the train action have in common when they make one expectation of another.

/** Whether the run failed in this step, with such words. */
export function failsIn(expect: Rewritten, name: string, words: RegExp): boolean {
  const failed = failedStep(expect);
  return failed?.name === name && words.test(failed.error ?? '');
}

/** The same run, failing in this step with this text; what was recorded of it and of later steps is gone. */
export function failing(expect: Rewritten, name: string, text: string): Rewritten {
  const steps = stepsOf(expect);
  const place = steps.findIndex((step) => step.name === name);
  const changed = steps.map((step, index): StepRecord => {
    if (index < place) return step;
    return index === place ? { name, outcome: 'failed', error: text } : { name: step.name, outcome: 'not-run' };
  });
  const earlier = new Set(steps.slice(0, place).map((step) => step.name));
  const { result: _result, progress: _progress, metrics: _metrics, ...rest } = expect;
  const kept = logsOf(expect)?.filter((line) => earlier.has(stepOfLine(line)));
  return {
    ...rest,
    raised: { type: 'RuntimeError', message: `Step '${name}' failed: ${text}` },
    steps: changed,
    rolled_back: changed
      .slice(0, place + 1)
      .map((step) => step.name)
      .toReversed(),
    ...(kept && { logs: kept }),
  };
}

/** The same failure in other words. */
export function inWords(expect: Rewritten, text: string): Rewritten {
  const name = failedStep(expect)?.name ?? '';
  const steps = stepsOf(expect).map((step) => (step.name === name ? { ...step, error: text } : step));
  return { ...expect, steps, raised: { type: 'RuntimeError', message: `Step '${name}' failed: ${text}` } };
}

function stepOfLine(line: unknown): string {
  return String(Array.isArray(line) ? line[0] : (line as { readonly step?: unknown }).step);
}
