// A folder goes to a tiny backend; the run then fails, and what it made there is gone.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { BackendClient } from '@synapse-steps/backend';
import { defineStep, RuntimeContext, StepFailedError, StepResult } from '@synapse-steps/core';
import { DefaultUploadAction } from '@synapse-steps/upload';

await mkdir('store/set/notes', { recursive: true });
for (const name of ['a', 'b']) await writeFile(`store/set/notes/${name}.txt`, `note ${name}`);
await writeFile('store/set/meta.csv', 'filename,mood\na.txt,good\nb,bad\n');

/** @type {Map<number, { meta: Record<string, unknown> }>} */
const units = new Map();
/** @type {string[]} */
const seen = [];
const server = createServer(async (request, response) => {
  let text = '';
  for await (const chunk of request.setEncoding('latin1')) text += chunk;
  const path = request.url?.split('?')[0] ?? '';
  seen.push(`${request.method} ${path}`);
  const [status, answer] = answerTo(`${request.method} ${path}`, text);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});

/** @param {string} what @param {string} body @returns {[number, unknown]} */
function answerTo(what, body) {
  const disk = { id: 1, name: 'disk', provider: 'file_system', configuration: { location: 'store' } };
  const notes = { name: 'notes', is_required: true, extensions: ['txt'] };
  if (what === 'GET /storages/1/' || what === 'POST /storages/1/session/') return [200, disk];
  if (what === 'GET /data_collections/5/') return [200, { id: 5, name: 'Set', file_specifications: [notes] }];
  if (what === 'POST /data_files/') return [201, { id: seen.length, checksum: /note b/.test(body) ? 'bb' : 'aa' }];
  if (what === 'POST /data_units/') return [201, JSON.parse(body).map(addUnit)];
  if (what.startsWith('DELETE /v2/data-units/'))
    return [units.delete(Number(what.split('/').at(-2))) ? 204 : 404, null];
  return [405, { detail: 'not here' }];
}

/** @param {{ meta: Record<string, unknown> }} unit */
function addUnit(unit) {
  const id = units.size + 1;
  units.set(id, unit);
  return { id, ...unit };
}

await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
assert(address !== null && typeof address === 'object');
const client = new BackendClient({ host: `http://127.0.0.1:${address.port}`, token: 'my-token', retryDelayMs: 1 });
const params = { name: 'Batch 1', storage: 1, data_collection: 5, path: 'set', extra_params: { use_presigned: false } };

const result = await new DefaultUploadAction(params, new RuntimeContext({ client })).run();
assert.equal(result.dataUnits, 2);
assert.deepEqual(
  [...units.values()].map(({ meta }) => meta['mood']),
  ['good', 'bad'],
);

class Failing extends DefaultUploadAction {
  /** @param {import('@synapse-steps/core').StepRegistry<import('@synapse-steps/upload').UploadContext>} registry */
  setupSteps(registry) {
    super.setupSteps(registry);
    registry.register(defineStep({ name: 'fail', progressWeight: 0.1, execute: () => StepResult.fail('on purpose') }));
  }
}
const error = await new Failing(params, new RuntimeContext({ client })).run().then(
  () => assert.fail('the run must fail'),
  (reason) => reason,
);
assert(StepFailedError.is(error), String(error));
assert.equal(units.size, 2, 'the units of the failed run are gone');
server.close();
server.closeAllConnections();
console.log('uploaded a folder with metadata, and took back what a failed run had made');
