import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { jsonBody } from './request-body.js';
import { sendOnce, type WireRequest } from './send-once.js';

async function serve(listener: RequestListener): Promise<{ request: WireRequest; connections: () => number }> {
  const server = createServer(listener);
  let connections = 0;
  server.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const limits = { connectTimeoutMs: 20_000, readTimeoutMs: 20_000 };
  return {
    request: { method: 'POST', url, headers: {}, body: jsonBody({ a: 1 }), ...limits },
    connections: () => connections,
  };
}

it('keeps connections for the requests that follow', async () => {
  const { request, connections } = await serve((incoming, answer) => incoming.pipe(answer));
  for (let index = 0; index < 50; index += 1) {
    const echo = await sendOnce(request, async ({ chunks }) => await textOf(chunks));
    expect(echo).toBe('{"a":1}');
  }
  expect(connections()).toBeLessThan(25);
});

it('does not follow a redirect: it is an answer like any other', async () => {
  let asked = 0;
  const { request } = await serve((incoming, answer) => {
    asked += 1;
    incoming.resume().once('end', () => answer.writeHead(307, { Location: '/elsewhere' }).end());
  });
  const answer = await sendOnce(request, async ({ status, headers }) => ({
    status,
    location: headers.get('location'),
  }));
  expect({ ...answer, asked }).toEqual({ status: 307, location: '/elsewhere', asked: 1 });
});

it('takes an answer that comes before the whole body is sent, and lets go of the body', async () => {
  let isLetGo = false;
  const { request } = await serve((_incoming, answer) => void answer.writeHead(413).end('too large'));
  async function* endless(): AsyncIterable<Uint8Array> {
    try {
      while (true) yield new Uint8Array(65_536);
    } finally {
      isLetGo = true;
    }
  }
  const body = { contentType: undefined, length: 2 ** 40, read: endless };
  const status = await sendOnce({ ...request, body }, async (answer) => answer.status);
  expect({ status, isLetGo }).toEqual({ status: 413, isLetGo: true });
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}
