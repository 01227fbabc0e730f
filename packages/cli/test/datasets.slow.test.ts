import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

it('shows the data sets that are kept, and removes those that nobody uses', async () => {
  await using commandLine = await CommandLine.open();
  const env = { XDG_CACHE_HOME: join(commandLine.folder, 'cache') };
  const none = await commandLine.run(['datasets'], { env });
  expect(none).toEqual({ code: 0, stdout: 'There are no data sets.\n', stderr: '' });

  const cache = join(env.XDG_CACHE_HOME, 'synapse-steps', 'datasets');
  await mkdir(join(cache, '11_train', 'json'), { recursive: true });
  const marker = { dataset: 11, splits: { train: {} }, count: 2, fingerprint: 'f' };
  await writeFile(join(cache, '11_train', '.complete'), `${JSON.stringify(marker)}\n`);
  const listed = await commandLine.run(['datasets'], { env });
  expect(listed.stdout).toMatch(/^\d{4}-\d\d-\d\d {2}data set 11 {2}2 events {2}0\.0 MB {2}\/.*\/11_train\n$/);
  const kept = await commandLine.run(['datasets', 'clear'], { env });
  expect(kept.stdout).toBe('Nothing was unused for 30d.\n');
  const cleared = await commandLine.run(['datasets', 'clear', '--unused-for', '0d', '--json'], { env });
  expect(JSON.parse(cleared.stdout)).toMatchObject({ datasets: [{ dataset: 11, isComplete: true }] });
  expect(await readdir(cache)).toEqual([]);
  const wrong = await commandLine.run(['datasets', 'clear', '--unused-for', 'long'], { env });
  expect([wrong.code, wrong.stderr]).toEqual([2, "--unused-for 'long' is no time. Write it as 30m, 12h or 30d.\n"]);
});
