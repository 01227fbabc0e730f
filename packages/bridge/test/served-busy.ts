// A plugin in Node whose one step does not come to its end by itself, in the way that the argument names.
import { spawn, spawnSync } from 'node:child_process';
import { type BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import { servePlugin } from '../src/serve/index.js';

const LONG = '47';

const ways: Readonly<Record<string, (context: BaseStepContext) => StepResult | Promise<StepResult>>> = {
  loop: () => {
    for (;;);
  },
  'blocking child': () => {
    spawnSync('sleep', [LONG]);
    return StepResult.ok();
  },
  'child of a step that does not stop': () => {
    spawn('sleep', [LONG], { stdio: 'ignore' });
    return new Promise<StepResult>(() => undefined);
  },
  'child of a step that stops': ({ signal }) => {
    spawn('sh', ['-c', `trap "" TERM; sleep ${LONG}; sleep ${LONG}`], { stdio: 'ignore' });
    return new Promise<StepResult>((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
  },
  // longer than it takes to notice that a host is gone
  'block for a while': () => {
    const end = performance.now() + 5000;
    while (performance.now() < end);
    return StepResult.ok({ data: { parent: process.ppid } });
  },
};

const way = ways[process.argv[2] ?? ''];
if (way === undefined) throw new Error(`There is no way ${process.argv[2]}.`);
await servePlugin([defineStep({ name: 'wait', progressWeight: 1, execute: way })]);
