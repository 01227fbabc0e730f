import { spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { leavesCleanScene } from '../clean-scene.js';
import { fixturePath, TYPESCRIPT } from '../open-fixture.js';
import { processesOfSession, until } from '../processes.js';

const host = fileURLToPath(new URL('../dying-host.ts', import.meta.url));
const busy = fileURLToPath(new URL('../served-busy.ts', import.meta.url));
const outlives = fixturePath('faults/outlives.py');
const orphaning = fileURLToPath(new URL('../orphaning-parent.mjs', import.meta.url));

describe('a host that is killed outright leaves nothing of a busy Node plugin behind', { timeout: 60_000 }, () => {
  it.each([
    ['F-26: whose step computes without an end', 'loop'],
    ['F-26: whose step waits for a child, and for nothing else', 'blocking child'],
    ['F-26: whose step does not stop, and has a child', 'child of a step that does not stop'],
    ['F-26: whose step stops, but not its child', 'child of a step that stops'],
  ])('%s', async (_title, way) => {
    expect(await leftByHost([process.execPath, ...TYPESCRIPT, busy, way], way === 'loop' ? 1 : 2)).toEqual([]);
  });

  it('F-27: a step that computes in silence goes on although its parent is gone, as long as its stdin is open', async () => {
    leavesCleanScene();
    const args = [orphaning, process.execPath, ...TYPESCRIPT, busy, 'block for a while'];
    const child = spawn(process.execPath, args, {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      env: { ...process.env, STEP_PROTOCOL_SESSION: 'orphan' },
    });
    const input = child.stdio[3] as Writable;
    onTestFinished(() => void input.destroy());
    const context = { rev: 1, full: {} };
    const call = { run_id: 'r', step: 'wait', params: {}, step_params: {}, context, attempt: 1, idempotency_key: 'k' };
    input.write(`${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'execute', params: call })}\n`);
    const answer: unknown = JSON.parse(await firstLine(child.stdout));
    expect(answer).toMatchObject({ id: 1, result: { success: true } });
    expect(answer).not.toHaveProperty('result.data.parent', child.pid);
  });
});

describe('a host that is killed outright leaves nothing of a busy Python plugin behind', { timeout: 60_000 }, () => {
  it.each<[title: string, step: string, processes: number]>([
    ['F-26: whose step computes without an end', 'loop', 1],
    ['F-26: whose step does not stop, and has a child', 'child of a step that does not stop', 2],
    ['F-26: whose step stops, but not its child', 'child of a step that stops', 2],
    ['F-26, F-6: whose step waits for workers of multiprocessing that compute without an end', 'workers', 3],
  ])('%s', async (_title, step, processes) => {
    expect(await leftByHost(['python', outlives, step], processes)).toEqual([]);
  });
});

/** Kills a host in the middle of a call of this plugin, once it has so many processes; those that do not end within their time. */
async function leftByHost(plugin: readonly string[], processes: number): Promise<number[]> {
  leavesCleanScene();
  const child = spawn(process.execPath, [...TYPESCRIPT, host, 'SIGKILL', ...plugin], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const session = await firstLine(child.stdout);
  expect(session).not.toBe('');
  await until(() => processesOfSession(session).length >= processes, { what: 'all have begun' });
  child.kill('SIGKILL');
  await until(() => processesOfSession(session).length === 0, {
    what: 'no process of the session is left',
    ms: 5000,
  });
  return processesOfSession(session);
}

/** The first line that is not empty. */
async function firstLine(stream: Readable | null): Promise<string> {
  let text = '';
  for await (const chunk of stream ?? []) {
    text += String(chunk);
    const line = text.trimStart();
    if (line.includes('\n')) return line.slice(0, line.indexOf('\n'));
  }
  throw new Error(`it ended after ${JSON.stringify(text)}`);
}
