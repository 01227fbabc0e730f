import { createServer, globalAgent } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { sendOnce } from './send-once.js';

it('takes a network that fails under way for a request that may have been seen', async () => {
  const url = await serve();
  const unreachable = Object.assign(new Error('read EHOSTUNREACH'), { code: 'EHOSTUNREACH', syscall: 'read' });
  const sending = send(url, 4, async function* () {
    yield Buffer.from('ab');
    for (const socket of Object.values(globalAgent.sockets).flat()) socket?.destroy(unreachable);
    await new Promise(() => undefined);
  });
  await expect(sending).rejects.toMatchObject({ name: 'LostAnswerError', message: 'read EHOSTUNREACH', sent: true });
});

it.each(['abc', 'abcdefgh'])(
  'ends no request with other bytes than it announced, as %j instead of four',
  async (text) => {
    const url = await serve();
    const sending = send(url, 4, async function* () {
      await Promise.resolve();
      yield Buffer.from(text);
    });
    await expect(sending).rejects.toMatchObject({
      code: 'file_changed',
      message: `What is sent was said to have 4 bytes, and has ${text.length}${text.length > 4 ? ' or more' : ''}. Send it again once nobody writes to it.`,
    });
  },
);

function send(url: string, length: number, read: () => AsyncIterable<Uint8Array>): Promise<number> {
  const body = { contentType: undefined, length, read };
  const request = { method: 'PUT', url, headers: {}, body, connectTimeoutMs: 5000, readTimeoutMs: 5000 };
  return sendOnce(request, ({ status }) => Promise.resolve(status));
}

async function serve(): Promise<string> {
  const server = createServer((request, response) => void request.resume().once('end', () => response.end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
