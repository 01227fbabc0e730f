// A file goes to a tiny backend, whose first answer is lost; and an error says what the server said, and no token.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { BackendClient, BackendError, bytesSource } from '@synapse-steps/backend';
import { dataFileSchema } from '@synapse-steps/backend/api';

/** @type {string[]} */
const seen = [];
const server = createServer((request, response) => {
  seen.push(`${request.method} ${request.url}`);
  request.resume().on('end', () => {
    if (seen.length === 1) return void request.socket.destroy();
    const answers = {
      '/data_files/verify_checksums/': { existing_checksums: ['f97c5d29941bfb1b2fdab0874906ab82'] },
      '/projects/7/': { detail: 'Token my-token is not known' },
    };
    const answer = Object.entries(answers).find(([path]) => path === request.url)?.[1];
    response.writeHead(request.method === 'GET' ? 401 : 200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(answer));
  });
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
const address = server.address();
assert(address !== null && typeof address === 'object');

const backend = new BackendClient({ host: `http://127.0.0.1:${address.port}`, token: 'my-token', retryDelayMs: 1 });
const file = await backend.dataFiles.upload(bytesSource('one.txt', Buffer.from('one')));
assert.equal(dataFileSchema.shape.checksum.parse(file.checksum), 'f97c5d29941bfb1b2fdab0874906ab82');
assert.deepEqual(seen, ['POST /data_files/', 'POST /data_files/verify_checksums/']);

const error = await backend.projects.get(7).then(
  () => assert.fail('a 401 must reject'),
  (reason) => reason,
);
assert(BackendError.is(error), String(error));
assert.equal(error.message, 'GET projects/7/ was refused with 401: Token *** is not known. Check the token.');
server.close();
server.closeAllConnections();
console.log('sent a file, looked it up when the answer was lost, read an error');
