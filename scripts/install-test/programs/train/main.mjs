// A trainer trains on a folder of this machine; no backend is there, and none is asked.
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { BaseTrainAction, LocalDatasetStep } from '@synapse-steps/train';

await mkdir('digits/one', { recursive: true });
await writeFile('digits/one/a.png', 'not looked into');

class Counting extends BaseTrainAction {
  /** @param {import('@synapse-steps/core').StepRegistry<import('@synapse-steps/train').TrainContext>} registry */
  setupSteps(registry) {
    super.setupSteps(registry);
    registry.replace('dataset', new LocalDatasetStep({ path: 'digits', format: 'imagefolder' }));
  }

  /** @param {string} dataPath */
  async execute(dataPath) {
    return { classes: await readdir(dataPath) };
  }
}

const { value } = await new Counting({ dataset: 1 }).run();
assert.deepEqual(value, { classes: ['one'] });
console.log('trained on a folder of this machine, with no backend');
