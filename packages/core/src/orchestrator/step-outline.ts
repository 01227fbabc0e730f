import type { StepOutline } from '../events/run-event.js';
import type { StepRecord } from '../report/step-record.js';
import type { BaseStep } from '../step/base-step.js';
import { childNames } from './child-names.js';
import type { StepScope } from './step-scope.js';

/** The names and weights of steps, with those inside them, before anything runs. */
export function outlineOf(steps: readonly BaseStep[], names = steps.map(({ name }) => name)): StepOutline[] {
  return steps.map(({ name, progressWeight, children }, index) => ({
    name: names[index] ?? name,
    weight: progressWeight,
    ...(children && { children: outlineOf(children, childNames(children)) }),
  }));
}

/** All records of a scope, each step's children after it. */
export function recordsOf(scope: StepScope): StepRecord[] {
  const records: StepRecord[] = [];
  addRecords(records, scope);
  return records;
}

function addRecords(records: StepRecord[], scope: StepScope): void {
  for (const { record, children } of scope.steps) {
    records.push(record);
    if (children) addRecords(records, children);
  }
}
