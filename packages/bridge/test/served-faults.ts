// A plugin in Node that does to the SDK what faults do: values that may not travel, sizes, bursts, endless loops.
import { spawnSync } from 'node:child_process';
import { type BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import { servePlugin } from '../src/serve/index.js';

console.log('a banner before the plugin is served');
process.stdout.write('and one without a line end');

const values: Readonly<Record<string, () => unknown>> = {
  nan: () => NaN,
  infinity: () => Infinity,
  unsafe: () => 2 ** 53 + 2,
  digits: () => 10n ** 5000n,
  'depth 65': () => nested(65),
  'depth 300': () => nested(300),
  'depth 100000': () => nested(100_000),
};

const undoable = {
  progressWeight: 1,
  rollback: (context: BaseStepContext, result: StepResult) =>
    void Object.assign(context, { undone: result.rollbackData }),
};

await servePlugin([
  defineStep({
    ...undoable,
    name: 'give',
    execute: ({ stepParams }) => {
      const value = values[stepParams['kind'] as string]?.();
      return StepResult.ok({ data: { rows: [1, value] }, rollbackData: { kept: 1 } });
    },
  }),
  defineStep<BaseStepContext & { there?: string; back?: string }>({
    name: 'echo',
    progressWeight: 1,
    execute: (context) => {
      const there = context.there ?? '';
      Object.assign(context, { back: there });
      return StepResult.ok({ data: { text: there } });
    },
  }),
  defineStep<BaseStepContext & { text?: string }>({
    name: 'measure',
    progressWeight: 1,
    execute: ({ text = '' }) => StepResult.ok({ data: { length: text.length } }),
  }),
  defineStep({
    ...undoable,
    name: 'fill',
    execute: ({ stepParams }) =>
      StepResult.ok({ data: { text: 'x'.repeat(Number(stepParams['length'])) }, rollbackData: { kept: 1 } }),
  }),
  defineStep({
    name: 'burst',
    progressWeight: 1,
    execute: (context) => {
      const count = Number(context.stepParams['count']);
      for (let at = 1; at <= count; at += 1) {
        if (at % 2 === 0) context.setProgress(at, count);
        else context.logMessage(String(at));
      }
      return StepResult.ok({ data: { answered_at: Date.now() } });
    },
  }),
  defineStep({
    name: 'loop',
    progressWeight: 1,
    execute: (context) => {
      context.logMessage('begun');
      for (;;);
    },
  }),
  defineStep({
    name: 'wait',
    progressWeight: 1,
    execute: ({ signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
  }),
  defineStep({
    name: 'exit',
    progressWeight: 1,
    execute: () => {
      process.stdout.write('the last words');
      process.exit(3);
    },
  }),
  defineStep({
    name: 'child',
    progressWeight: 1,
    execute: () => {
      spawnSync('sh', ['-c', 'echo from the child'], { stdio: ['ignore', 'inherit', 'inherit'] });
      return StepResult.ok();
    },
  }),
]);

function nested(levels: number): unknown {
  let value: unknown = 0;
  for (let level = 0; level < levels; level += 1) value = [value];
  return value;
}
