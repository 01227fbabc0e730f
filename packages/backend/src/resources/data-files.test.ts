import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, it, onTestFinished } from 'vitest';

import { BackendClient } from '../backend-client.js';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

it('does not take the file whose content is the beginning of this one for it, when the connection broke off there', async () => {
  const posts: string[] = [];
  const host = await serve((request, response) => {
    if (request.url?.endsWith('verify_checksums/'))
      return answer(response, { existing_checksums: [md5(''), md5('ab')] });
    posts.push(request.url ?? '');
    if (posts.length === 1) return void request.once('data', () => request.socket.destroy());
    request.resume().once('end', () => answer(response, { id: 1, checksum: md5('abcd') }));
  });
  let reads = 0;
  const source = {
    name: 'abcd.txt',
    size: 4,
    async *read() {
      reads += 1;
      yield Buffer.from('ab');
      if (reads === 1) await new Promise(() => undefined); // the rest never comes to the network
      yield Buffer.from('cd');
    },
  };
  const stored = await new BackendClient({ host, retryDelayMs: 1 }).dataFiles.upload(source);
  expect(stored).toMatchObject({ id: 1, checksum: md5('abcd') });
  expect(posts).toHaveLength(2);
});

async function serve(listener: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(response: ServerResponse, body: object): void {
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(body));
}
