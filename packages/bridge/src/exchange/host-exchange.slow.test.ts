import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { fixturePath, TYPESCRIPT } from '../../test/open-fixture.js';

const host = fileURLToPath(new URL('../../test/dying-host.ts', import.meta.url));

it('goes with its host; that of a host that was killed goes with the start of the next one', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'exchange-host-'));
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }));
  const folders = (): string[] => readdirSync(parent).flatMap((name) => readdirSync(join(parent, name)));
  await runHost(parent, 'exit');
  expect(folders()).toEqual([]);
  await runHost(parent, 'SIGKILL');
  const left = folders();
  expect(left).toHaveLength(1);
  await runHost(parent, 'SIGKILL');
  expect(folders()).toHaveLength(1);
  expect(folders()).not.toEqual(left);
  await runHost(parent, 'SIGTERM');
  expect(folders()).toEqual([]);
});

/** Runs a host until it has a plugin at work, and ends it in one way. */
async function runHost(parent: string, way: string): Promise<void> {
  const plugin = [process.execPath, fixturePath('echo.mjs')];
  const child = spawn(process.execPath, [...TYPESCRIPT, host, way, ...plugin], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, SYNAPSE_STEPS_EXCHANGE_DIR: parent },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const exited = once(child, 'exit');
  await once(child.stdout, 'data');
  if (way.startsWith('SIG')) child.kill(way as NodeJS.Signals);
  await exited;
}
