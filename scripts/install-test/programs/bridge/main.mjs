// One run through two plugins: Python with the runtime that this package ships, and Node.
import assert from 'node:assert/strict';
import { BaseStepContext, Orchestrator, RuntimeContext, StepRegistry } from '@synapse-steps/core';
import { connectPlugin } from '@synapse-steps/bridge';
import * as processes from '@synapse-steps/bridge/process';
import * as protocol from '@synapse-steps/bridge/protocol';

class WordsContext extends BaseStepContext {
  words = ['one', 'two', 'three'];
  counted = 0;
}

const python = await connectPlugin({ python: 'plugin.py' });
const node = await connectPlugin({ command: [process.execPath, 'plugin.mjs'] });
try {
  const registry = new StepRegistry();
  registry.register(python.step('count'));
  registry.register(node.step('greet'));
  const context = new WordsContext(new RuntimeContext({}));
  const report = await new Orchestrator(registry, context, {}).execute();
  assert.equal(report.success, true);
  assert.equal(context.counted, 3);
} finally {
  await python.close();
  await node.close();
}

for (const subpath of [processes, protocol]) assert(Object.keys(subpath).length > 0);
console.log('ran a step in Python and one in Node');
