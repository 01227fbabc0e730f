import { isUndone, type StepRecord } from '../report/step-record.js';
import type { Run } from './run.js';
import { recordsOf } from './step-outline.js';

/**
 * The steps of which something was undone until now, in the order of their start. First those that only an earlier attempt
 * of the step around them had started: what could not be removed then is still there.
 */
export function undoneRecords(run: Run): StepRecord[] {
  const started = run.started.map(({ record }) => record).filter(isUndone);
  const left = recordsOf(run.root).filter((record) => record.leftBehindBefore.length > 0 && !started.includes(record));
  return [...left, ...started];
}
