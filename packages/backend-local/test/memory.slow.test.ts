import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it, onTestFinished } from 'vitest';
import { BackendProcess } from './backend-process.js';
import { Client } from './client.js';

const MEGABYTE = 1024 ** 2;

it('takes and serves a large file with the memory of a small one', { timeout: 300_000 }, async () => {
  const small = await peakFor(4 * MEGABYTE);
  const large = await peakFor(400 * MEGABYTE);
  expect((large - small) / MEGABYTE).toBeLessThan(100);
});

/** The most memory that a backend needs to take a file, in a form and in a chunk, and to serve it again. */
async function peakFor(size: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'memory-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await using backend = await BackendProcess.start(folder);
  const client = new Client(backend.url);
  const { md5, answer } = await sendForm(`${backend.url}/data_files/`, 'POST', size);
  expect(answer).toMatchObject({ checksum: md5, size });
  const chunk = await sendForm(`${backend.url}/chunked_upload/`, 'PUT', size);
  expect(chunk.answer).toMatchObject({ offset: size });
  expect(await client.ask('POST', `chunked_upload/${chunk.answer.id}/`, { md5 })).toMatchObject({
    size,
    checksum: md5,
  });
  const hash = createHash('md5');
  const { file } = await client.ask('GET', `data_files/${answer.id}/`);
  for await (const bytes of (await fetch(file)).body ?? []) hash.update(bytes as Uint8Array);
  expect(hash.digest('hex')).toBe(md5);
  return await backend.stop();
}

interface Sent {
  readonly md5: string;
  readonly answer: { readonly id: number };
}

async function sendForm(url: string, method: string, size: number): Promise<Sent> {
  const head = '--b\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n';
  const tail = '\r\n--b--\r\n';
  const hash = createHash('md5');
  function* body(): Generator<Buffer> {
    yield Buffer.from(head);
    const block = Buffer.alloc(MEGABYTE, 'some bytes that repeat ');
    for (let left = size; left > 0; left -= block.length) {
      hash.update(block);
      yield block;
    }
    yield Buffer.from(tail);
  }
  const length = head.length + size + tail.length;
  const headers = { 'content-type': 'multipart/form-data; boundary=b', 'content-length': length };
  const sending = request(url, { method, headers });
  const answered = once(sending, 'response');
  await pipeline(Readable.from(body()), sending);
  const [response] = (await answered) as [IncomingMessage];
  const text = Buffer.concat(await response.toArray()).toString();
  return { md5: hash.digest('hex'), answer: JSON.parse(text) as { id: number } };
}
