import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { rejection, startBackend } from '../../test/start-backend.js';
import { fileSource } from './file-source.js';
import type { UploadSource } from './upload-source.js';

describe('a file on disk', () => {
  it('is read anew for each try', async () => {
    const path = await temporaryFile('content');
    const { backend, server } = await startBackend({
      faults: [{ method: 'POST', path: '/data_files/', status: 503, times: 2 }],
    });
    await backend.dataFiles.upload(await fileSource(path));
    expect(server.requests.flatMap(({ form }) => form?.files[0]?.md5 ?? [])).toEqual(
      Array(3).fill(createHash('md5').update('content').digest('hex')),
    );
  });

  it.each([
    ['grew', (path: string) => appendFile(path, 'more')],
    ['was cut', (path: string) => writeFile(path, 'c')],
    ['was rewritten', (path: string) => utimes(path, 1, 1)],
  ])('that %s since it was looked at is not stored', async (_, change) => {
    const path = await temporaryFile('content');
    const { backend, server } = await startBackend();
    const source = await fileSource(path);
    await change(path);
    expect(await rejection(backend.dataFiles.upload(source))).toMatchObject({
      code: 'file_changed',
      message: expect.stringContaining(`${path} changed while it was sent`) as string,
    });
    expect(server.left()).toEqual({});
  });

  it('that is not there, or is a folder, is an error that names it', async () => {
    const path = await temporaryFile('x');
    expect(await rejection(fileSource(`${path}.not`))).toMatchObject({
      code: 'file_not_readable',
      message: expect.stringContaining('ENOENT') as string,
    });
    expect(await rejection(fileSource(join(path, '..')))).toMatchObject({
      message: expect.stringContaining('no regular file') as string,
    });
    const source = await fileSource(path);
    await rm(path);
    const { backend } = await startBackend();
    expect(await rejection(backend.dataFiles.upload(source))).toMatchObject({ code: 'file_not_readable' });
  });

  it('has its end in time when the upload is aborted', async () => {
    const { backend } = await startBackend();
    const controller = new AbortController();
    let ended = false;
    const endless: UploadSource = {
      name: 'endless',
      size: 2 ** 40,
      async *read() {
        try {
          while (true) yield await Promise.resolve(Buffer.alloc(65_536));
        } finally {
          ended = true;
        }
      },
    };
    const options = {
      signal: controller.signal,
      chunkAbove: 2 ** 41,
      onBytes: (bytes: number) => void (bytes > 1e6 && controller.abort('enough')),
    };
    expect(await rejection(backend.dataFiles.upload(endless, options))).toBe('enough');
    expect(ended).toBe(true);
  });
});

async function temporaryFile(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file.txt'), text);
  return join(folder, 'file.txt');
}
