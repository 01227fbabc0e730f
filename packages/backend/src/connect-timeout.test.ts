import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';

import { rejection } from '../test/start-backend.js';
import { BackendClient } from './backend-client.js';

// Listens, and never takes a connection: once the kernel's queue is full, the next one does not come about.
const deaf = `require('net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.stdout.write(String(this.address().port), () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000));
});`;

it('tells a POST that found no connection in time from one that may have been carried out', async () => {
  const backend = await clientOfDeafServer();
  expect(await rejection(backend.models.create({ name: 'm' }))).toMatchObject({
    code: 'backend_unreachable',
    outcomeUnknown: false,
    message:
      'POST models/ could not be sent: no connection came about within 0.2 s. Is the backend up, and the host right?',
  });
});

it.each([
  ['GET projects/7/', (backend: BackendClient) => backend.projects.get(7)],
  ['DELETE v2/models/8/', (backend: BackendClient) => backend.models.delete(8)],
])('waits no longer for the connection of %s, which has no body, and says that it was not sent', async (what, call) => {
  const backend = await clientOfDeafServer();
  expect(await rejection(call(backend))).toMatchObject({
    code: 'backend_unreachable',
    message: `${what} could not be sent: no connection came about within 0.2 s. Is the backend up, and the host right?`,
  });
});

async function clientOfDeafServer(): Promise<BackendClient> {
  const host = `http://127.0.0.1:${await startDeafServer()}`;
  return new BackendClient({ host, connectTimeoutMs: 200, readTimeoutMs: 10_000, retries: 1, retryDelayMs: 1 });
}

async function startDeafServer(): Promise<number> {
  const server = spawn(process.execPath, ['-e', deaf], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void server.kill('SIGKILL'));
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  const port = Number(said);
  for (let count = 0; count < 8; count += 1) {
    const socket = createConnection({ port, host: '127.0.0.1' }).on('error', () => socket.destroy());
    onTestFinished(() => void socket.destroy());
  }
  return port;
}
