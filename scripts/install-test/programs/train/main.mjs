// A trainer trains on a folder of this machine, with no backend; then one registers its model, and a failed run leaves none.
import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { BackendClient } from '@synapse-steps/backend';
import { defineStep, RuntimeContext, StepFailedError, StepResult } from '@synapse-steps/core';
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
    const classes = await readdir(dataPath);
    await writeFile('model.json', JSON.stringify({ classes }));
    return { classes, weightsPath: 'model.json' };
  }
}

const { value, modelId } = await new Counting({ dataset: 1 }).run();
assert.deepEqual([value, modelId], [{ classes: ['one'], weightsPath: 'model.json' }, undefined]);

/** @type {Set<number>} */
const models = new Set();
const server = createServer(async (request, response) => {
  let size = 0;
  for await (const chunk of request) size += chunk.length;
  const [status, answer] = answerTo(`${request.method} ${request.url}`, request.headers['content-range'], size);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});

/** @param {string} what @param {string | undefined} range @param {number} size @returns {[number, unknown]} */
function answerTo(what, range, size) {
  const total = Number(range?.split('/')[1]);
  if (what === 'PUT /chunked_upload/') return [200, { id: 3, url: '', offset: size > total ? total : 0 }];
  if (what === 'POST /chunked_upload/3/') return [200, { id: 3, checksum: 'x', completed_at: 'now' }];
  if (what === 'POST /models/') return [201, { id: models.add(models.size + 7).size + 6, name: 'm' }];
  if (what === 'DELETE /v2/models/8/') return [models.delete(8) ? 204 : 404, null];
  return [404, { detail: 'not here' }];
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
assert(address !== null && typeof address === 'object');
const client = new BackendClient({ host: `http://127.0.0.1:${address.port}`, token: 'my-token', retryDelayMs: 1 });

const result = await new Counting({ dataset: 1 }, new RuntimeContext({ client })).run();
assert.equal(result.modelId, 7);

class Failing extends Counting {
  /** @param {import('@synapse-steps/core').StepRegistry<import('@synapse-steps/train').TrainContext>} registry */
  setupSteps(registry) {
    super.setupSteps(registry);
    registry.register(defineStep({ name: 'fail', progressWeight: 0.1, execute: () => StepResult.fail('on purpose') }));
  }
}
const error = await new Failing({ dataset: 1 }, new RuntimeContext({ client })).run().then(
  () => assert.fail('the run must fail'),
  (reason) => reason,
);
assert(StepFailedError.is(error), String(error));
assert.deepEqual([...models], [7], 'the model of the failed run is gone');
server.close();
server.closeAllConnections();
console.log('trained on a folder with no backend, registered a model, and took back that of a run that failed');
