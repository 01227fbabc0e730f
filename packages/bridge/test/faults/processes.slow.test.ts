import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import type { PluginError } from '../../src/index.js';
import { processEnvironment, startProcess } from '../../src/process/index.js';
import { leavesCleanScene, mayTakeMemory } from '../clean-scene.js';
import { median } from '../median.js';
import { connectError, openFixture } from '../open-fixture.js';
import { processesOfSession, until } from '../processes.js';
import { runSteps } from '../run-steps.js';

const reason = new Error('enough');

/** What each program of F-7 must be told as: the kind, and words of the message, the last lines of stderr among them. */
const NOT_UP = [
  { file: 'exits-at-once.sh', code: 'exited', words: /code 7 before it answered[^]*\| no licence found/ },
  { file: 'exits-silently.sh', code: 'exited', words: /code 0 before it answered/ },
  { file: 'wrong-format.bin', code: 'spawn_failed', words: /no program for this machine/ },
  { file: 'not-executable.txt', code: 'spawn_failed', words: /is not executable: .*Run 'chmod \+x/ },
  { file: 'no-interpreter.sh', code: 'spawn_failed', words: /interpreter in its '#!' line that does not exist/ },
  { file: 'echo.mjs', cwd: '/no/such/directory', code: 'spawn_failed', words: /directory \/no\/such\/directory/ },
] as const;

describe('a plugin that does not come up', () => {
  it.each(NOT_UP)(
    'F-7: $file is told within a second as what it is, with its last words, and so is a missing directory ($cwd)',
    async ({ file, code, words, ...place }) => {
      const times: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const start = performance.now();
        const error = await connectError(file, place);
        times.push(performance.now() - start);
        expect(error).toMatchObject({ plugin: file, code, message: expect.stringMatching(words) as string });
        expect(error).toMatchObject({ stderrTail: file === 'exits-at-once.sh' ? ['no licence found'] : [] });
      }
      expect(median(times)).toBeLessThan(1000);
    },
  );

  it.each(['exits-at-once.sh', 'exits-silently.sh', 'wrong-format.bin', 'not-executable.txt', 'no-interpreter.sh'])(
    'F-7: %s is told within a second',
    async (file) => {
      const start = performance.now();
      expect(await connectError(file)).toMatchObject({ plugin: file });
      expect(performance.now() - start).toBeLessThan(1000);
    },
  );
});

it('F-35: a run in a host that has grown large starts no process: the one that was there before does the work', async () => {
  const { session } = await openFixture('echo.mjs');
  mayTakeMemory(512);
  const before = processesOfSession(session.id);
  const heap = Buffer.alloc(256 * 1024 ** 2, 1); // what a fork would have to go through
  const { report, events } = await runSteps(session, ['echo', 'tell', 'self-skip']);
  expect(report.steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'skipped']);
  expect(events.find(({ type }) => type === 'step-end')).toMatchObject({ rollbackData: { pid: session.pid } });
  expect([before, processesOfSession(session.id)]).toEqual([[session.pid], [session.pid]]);
  expect(heap.byteLength).toBe(256 * 1024 ** 2);
});

describe('a plugin that dies', () => {
  it.each(['between-frames', 'mid-frame', 'before-the-line-end'])(
    'F-9: %s fails its call once, and the next call finds a fresh process',
    async (step) => {
      const { session } = await openFixture('faults/dies-at.mjs');
      const { pid } = session;
      const { error, report, events } = await runSteps(session, [step]);
      expect(error?.cause).toMatchObject({ code: 'signalled', step, outcomeUnknown: true });
      expect(report.status).toBe('rolled-back');
      expect(events.filter(({ type }) => type === 'step-end')).toHaveLength(1);
      expect(session.pid).not.toBe(pid);
    },
  );

  it('F-9: right after its answer has given that answer, and the next call finds a fresh process', async () => {
    const { session } = await openFixture('faults/dies-at.mjs');
    const { report } = await runSteps(session, ['after-the-answer']);
    expect(report.steps[0]).toMatchObject({ status: 'completed', data: { answered: true } });
    await until(() => session.pid === undefined, { what: 'its death is noticed' });
    expect((await runSteps(session, ['after-the-answer'])).report.status).toBe('succeeded');
  });

  it.each(['in-group', 'own-session'])(
    'F-24: with a child (%s) that holds its pipes, its call fails within 200 ms of the exit',
    async (step) => {
      const delays: number[] = [];
      for (let round = 0; round < 5; round += 1) {
        const { session } = await openFixture('grandchild.sh');
        const { error } = await runSteps(session, [step]);
        const { stderrTail } = (error ?? {}).cause as PluginError;
        delays.push(Date.now() - Number(stderrTail[0]));
      }
      expect(Math.min(...delays)).toBeGreaterThanOrEqual(0);
      expect(median(delays)).toBeLessThanOrEqual(200);
    },
  );

  it('F-28: again and again, with children that nobody waited for, leaves none of them', async () => {
    const { session } = await openFixture('faults/dies-with-children.sh');
    for (let round = 0; round < 4; round += 1) {
      const { error } = await runSteps(session, ['die']);
      expect(error?.cause).toMatchObject({ code: 'signalled' });
      await until(() => processesOfSession(session.id).length === 0, { what: 'all of them are gone' });
    }
  });
});

describe('processes that a plugin starts', () => {
  it.each(['fork', 'spawn', 'forkserver'])(
    'F-6: a Python step that works in processes of multiprocessing (%s) comes to its end, and so do they',
    async (method) => {
      const { session } = await openFixture('faults/multiprocessing-step.py');
      const { report } = await runSteps(session, ['pool'], { stepParams: { method } });
      expect(report.steps[0]).toMatchObject({ status: 'completed', data: { doubled: [0, 2, 4, 6] } });
      const start = performance.now();
      await session.close();
      expect(performance.now() - start).toBeLessThan(1000); // its children do not hold the wire open
    },
  );

  it('F-6: a fork child that a dead Python step leaves behind is ended with it', async () => {
    const { session } = await openFixture('faults/multiprocessing-step.py');
    const { error } = await runSteps(session, ['leave']);
    expect(error?.cause).toMatchObject({ code: 'exited', exit: { code: 6 } });
    await until(() => processesOfSession(session.id).length === 0, { what: 'the child is gone' });
  });

  it('F-25: a plugin that is stopped, with a child that ignores SIGTERM, is ended with it', async () => {
    const { session } = await openFixture('faults/stops-itself.mjs');
    const stop = new AbortController();
    const { report } = await runSteps(session, ['stop'], {
      signal: stop.signal,
      onEvent: (event) => event.type === 'step-log' && event.message === 'stopping' && stop.abort(reason),
    });
    expect(report.steps[0]).toMatchObject({ status: 'unknown', error: { code: 'killed_after_cancel' } });
    await until(() => processesOfSession(session.id).length === 0, { what: 'the group is empty' });
  });
});

describe('the end of a session', () => {
  it('F-40: waits for a plugin that flushes megabytes to both pipes, and shows them', async () => {
    const { session, log } = await openFixture('faults/flushes-late.mjs');
    await runSteps(session, ['hello']);
    await session.close();
    expect(log.filter(({ message }) => message === 'y'.repeat(99))).toHaveLength(20_000);
    expect(log.at(-1)?.message).toBe('all is written');
  });
});

describe('the ids of processes', () => {
  it('F-39: one that has ended gets no signal any more, whoever has its number now', async () => {
    leavesCleanScene();
    const kill = vi.spyOn(process, 'kill');
    const ended = await startProcess({
      command: ['true'],
      cwd: '/',
      env: processEnvironment(),
      onStdout: () => undefined,
      onStderr: () => undefined,
    });
    await ended.closed;
    const before = kill.mock.calls.length;
    expect(ended.signal('SIGTERM')).toBe('gone');
    expect(ended.signal('SIGKILL')).toBe('gone');
    expect(kill.mock.calls.length).toBe(before);
  });

  it('F-39: only one place of this package sends signals, with the id of a process that it has just started itself', () => {
    const folder = fileURLToPath(new URL('../../src', import.meta.url));
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.test)\.ts$/.test(file),
    );
    const textOf = (file: string) => readFileSync(join(folder, file), 'utf8');
    // The signal 0 is none: it only asks whether there is such a process. A plugin may end itself: its own id is nobody else's.
    const sendsSignals = /\.kill\((?!pid, 0\)|-?process\.pid, 'SIGKILL'\))/;
    expect(sources.filter((file) => sendsSignals.test(textOf(file)))).toEqual(['process/kill-group.ts']);
    const callers = sources.filter((file) => /\bkillGroup\(/.test(textOf(file)));
    expect(callers.toSorted()).toEqual([
      'process/kill-group.ts',
      'process/managed-process.ts',
      'process/process-registry.ts',
    ]);
  });
});
