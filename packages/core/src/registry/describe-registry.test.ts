import { expect, it } from 'vitest';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { ParallelStep } from '../wrappers/parallel-step.js';
import { describeRegistry } from './describe-registry.js';
import { StepRegistry } from './step-registry.js';

const execute = (): StepResult => StepResult.ok();

it('shows names, weights, shares and what can be undone, children below their parent', () => {
  const registry = new StepRegistry()
    .register(defineStep({ name: 'load', progressWeight: 0.5, title: 'Load the rows', execute, rollback: () => {} }))
    .register(
      new ParallelStep([
        defineStep({ name: 'report', progressWeight: 1, execute, optional: true }),
        defineStep({ name: 'publish', progressWeight: 2, execute, irreversible: true, pivot: true }),
      ]),
    );
  expect(describeRegistry(registry)).toBe(
    [
      'step                  weight    share  undo',
      'load (Load the rows)     0.5  14.29 %  can be undone',
      'parallel                   3  85.71 %  CANNOT be undone',
      '  report                   1  33.33 %  nothing to undo, optional',
      '  publish                  2  66.67 %  CANNOT be undone, point of no return',
    ].join('\n'),
  );
});

it('shows a remark for each step', () => {
  const registry = new StepRegistry().register(defineStep({ name: 'a', execute, rollback: () => {} }));
  expect(describeRegistry(registry, { remark: ({ name }) => `from ${name}.ts` })).toBe(
    'step  weight  share  undo\na          1  100 %  can be undone  from a.ts',
  );
});

it('shows no shares where all weights are 0, and says that there are no steps', () => {
  const registry = new StepRegistry().register(defineStep({ name: 'a', progressWeight: 0, execute }));
  expect(describeRegistry(registry)).toContain('a          0      –');
  expect(describeRegistry(new StepRegistry())).toBe('No steps.');
});
