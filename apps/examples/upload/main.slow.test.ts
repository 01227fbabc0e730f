import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('main.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../', import.meta.url));

async function runExample(temporary: string) {
  return await new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const command = ['--conditions=@synapse-steps/source', '--import', 'tsx', program];
    const env = { ...process.env, TMPDIR: temporary };
    const child = execFile(process.execPath, command, { cwd: root, env, timeout: 110_000 }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

it('uploads pictures with progress, leaves nothing of an upload that fails, sends only what is new, and tidies up', async () => {
  const temporary = await mkdtemp(join(tmpdir(), 'example-'));
  onTestFinished(() => rm(temporary, { recursive: true }));
  const { code, stdout, stderr } = await runExample(temporary);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^ +100 % {2}300 of 300 pictures, (\d+) of \1 bytes, 300 of 300 data units$/m);
  expect(stdout).toContain('300 data units are there');
  expect(stdout).toContain("Step 'publish_index' failed: ENOENT");
  for (const step of ['generate_data_units', 'upload_files'])
    expect(stdout).toMatch(new RegExp(`^ +${step} +undone$`, 'm'));
  expect(stdout).toContain('The backend is exactly as it was: 300 data units and 300 files before and after.');
  expect(stdout).toContain('20 data units are new; 300 pictures were there and were not sent again.');
  expect((await readdir(temporary)).filter((name) => name.startsWith('synapse-steps-upload-'))).toEqual([]);
});
