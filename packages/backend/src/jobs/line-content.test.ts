import { execFileSync } from 'node:child_process';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it, onTestFinished } from 'vitest';

import { withFileContent } from './line-content.js';

const line = { event: 'picture', data: {}, datetime: '2026-01-01T00:00:00Z', job: '42', level: 'info' as const };

it.skipIf(process.platform === 'win32')('reads no pipe, which nobody may ever write to', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'line-content-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'pipe');
  execFileSync('mkfifo', [file]);
  const pending = withFileContent({ ...line, file });
  const writer = await open(file, 'r+'); // whoever waits for it is let go, so that the test ends either way
  await writer.write('x');
  const sent = await Promise.race([pending, writer.close().then(() => pending)]);
  expect(sent).toEqual({ line: { ...line, data: { file_error: `${file} is no regular file` } }, isWhole: false });
});
