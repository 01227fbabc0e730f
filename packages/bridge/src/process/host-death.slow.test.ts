import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leavesCleanScene } from '../../test/clean-scene.js';
import { fixturePath } from '../../test/open-fixture.js';
import { processesOfSession, until } from '../../test/processes.js';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const host = fileURLToPath(new URL('../../test/dying-host.ts', import.meta.url));

describe('a host that ends leaves no plugin behind', () => {
  it.each([
    ['its event loop runs empty', 'idle', 0],
    ['process.exit', 'exit', 3],
    ['an uncaught exception', 'throw', 1],
    ['an unhandled rejection', 'reject', 1],
    ['SIGINT', 'SIGINT', 'SIGINT'],
    ['SIGTERM', 'SIGTERM', 'SIGTERM'],
    ['SIGHUP', 'SIGHUP', 'SIGHUP'],
  ])('%s', async (_title, way, expected) => {
    const { exit } = await runHost(way, ['bash', fixturePath('stubborn.sh')]);
    expect(exit).toBe(expected);
  });

  it('its event loop runs empty, with several processes of a plugin that have nothing to do', async () => {
    const { exit } = await runHost('idle-pool', [process.execPath, fixturePath('echo.mjs')]);
    expect(exit).toBe(0);
  });

  it('its own handler of SIGINT decides, and its end still takes the plugin along', async () => {
    const { exit } = await runHost('own-SIGINT', ['bash', fixturePath('stubborn.sh')]);
    expect(exit).toBe(130);
  });

  it('F-26: killed outright with a busy plugin, which notices the end of its stdin', async () => {
    const { exit } = await runHost('SIGKILL', [process.execPath, fixturePath('echo.mjs')]);
    expect(exit).toBe('SIGKILL');
  });

  it('F-26: killed outright with a busy Python plugin', async () => {
    const { exit } = await runHost('SIGKILL', ['python', fixturePath('busy.py')]);
    expect(exit).toBe('SIGKILL');
  });
});

async function runHost(way: string, plugin: readonly string[]) {
  leavesCleanScene();
  const child = spawn(
    process.execPath,
    ['--conditions=@synapse-steps/source', '--import', 'tsx', host, way, ...plugin],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const exited = new Promise<number | string | null>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  await until(() => output.includes('\n'), { what: 'the host has its plugin busy', ms: 30_000 });
  const session = output.trim();
  if (way === 'own-SIGINT') child.kill('SIGINT');
  else if (way.startsWith('SIG')) child.kill(way as NodeJS.Signals);
  const exit = await exited;
  await until(() => processesOfSession(session).length === 0, { what: 'no process of the session is left', ms: 5000 });
  return { exit };
}
