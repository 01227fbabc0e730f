import { availableParallelism } from 'node:os';
import { recordRun } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';
import { dieIn, holdCall, holdingPlugin, quickCall } from '../../../test/held-call.js';
import { ManualClock } from '../../../test/manual-clock.js';
import { openScript } from '../../../test/open-script.js';
import { until } from '../../../test/processes.js';
import { OpenContext, runSteps } from '../../../test/run-steps.js';
import type { PluginSession } from '../plugin-session.js';

async function untilNoProcess(session: PluginSession): Promise<void> {
  await until(() => session.pids.length === 0, { what: 'its process is gone' });
}

describe('a process that is idle', () => {
  const idleMs = 1000;

  it('is ended after its time, and started again for the next call, which costs no restart', async () => {
    const clock = new ManualClock();
    const { session, log } = await openScript(holdingPlugin(), { clock, limits: { idleMs, maxRestarts: 0 } });
    const first = await quickCall(session);
    clock.advance(idleMs - 1);
    expect(await quickCall(session)).toBe(first);
    clock.advance(idleMs - 1);
    expect(session.pid).toBe(first);
    clock.advance(1);
    await untilNoProcess(session);
    expect(await quickCall(session)).not.toBe(first);
    expect(log).toEqual([]);
  });

  it('is not idle while a call is under way, however long that takes', async () => {
    const clock = new ManualClock();
    const { session } = await openScript(holdingPlugin(), { clock, limits: { idleMs } });
    const call = holdCall(session);
    const pid = await call.entered;
    clock.advance(100 * idleMs);
    call.letGo();
    expect(await call.result).toBe(pid);
    expect(session.pid).toBe(pid);
  });

  it('is ended also when it was never called', async () => {
    const clock = new ManualClock();
    const { session } = await openScript(holdingPlugin(), { clock, limits: { idleMs } });
    clock.advance(idleMs);
    await untilNoProcess(session);
    expect((await session.describe()).steps).toHaveLength(5);
  });

  it('is kept where one shall always be ready, or idleness does not count', async () => {
    for (const limits of [{ idleMs, minIdle: 1 }, { idleMs: 0 }]) {
      const clock = new ManualClock();
      const { session } = await openScript(holdingPlugin(), { clock, limits });
      const pid = await quickCall(session);
      clock.advance(100 * idleMs);
      expect(await quickCall(session)).toBe(pid);
      expect(clock.waits).toEqual([]);
      await session.close();
    }
  });

  it('is told about when it ends in any other way', async () => {
    const { session, log } = await openScript(holdingPlugin());
    process.kill(session.pid ?? 0, 'SIGKILL');
    await until(() => log.length > 0, { what: 'its death is told' });
    expect(log[0]?.message).toContain('No call was under way');
  });
});

describe('a process that has served enough', () => {
  it('is replaced after so many calls, never in the middle of one', async () => {
    const { session, log } = await openScript(holdingPlugin({ max_in_flight: 2 }), {
      limits: { maxCalls: 3, maxRestarts: 0 },
    });
    const first = await quickCall(session);
    const open = holdCall(session);
    expect(await open.entered).toBe(first);
    expect(await quickCall(session)).toBe(first);
    const waiting = quickCall(session); // the fourth: not even now, as the process is not free of its second
    open.letGo();
    expect(await open.result).toBe(first);
    expect(await waiting).not.toBe(first);
    expect(log).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('is replaced when it holds too much memory', async () => {
    const { session } = await openScript(holdingPlugin(), { limits: { maxMemoryBytes: 1024, maxRestarts: 0 } });
    const pids = [await quickCall(session), await quickCall(session), await quickCall(session)];
    expect(new Set(pids).size).toBe(3);
    const { session: modest } = await openScript(holdingPlugin(), { limits: { maxMemoryBytes: 10 ** 12 } });
    expect(await quickCall(modest)).toBe(await quickCall(modest));
  });

  it.runIf(availableParallelism() > 1)(
    'F-35: is there before the first call, where more than one is wanted',
    async () => {
      const { session } = await openScript(holdingPlugin(), { workers: 2, limits: { minIdle: 2 } });
      await until(() => session.pids.length === 2, { what: 'both are ready' });
      const before = session.pids;
      const calls = [holdCall(session), holdCall(session)];
      expect((await Promise.all(calls.map(async ({ entered }) => await entered))).toSorted()).toEqual(
        before.toSorted(),
      );
      for (const call of calls) call.letGo();
      await Promise.all(calls.map(async ({ result }) => await result));
    },
  );

  it('PI-1: is asked to finish also when it has not answered a ping yet', async () => {
    const { session, log } = await openScript(
      `plugin([{ name: 'computes' }], {
         execute: ({ id }) => onMessage(({ method }) => method === 'ping' && result(id, { success: true })),
         ping: () => undefined,
         shutdown: ({ id }) => { console.error('asked to finish'); result(id, {}); },
       }, { ping: true });`,
      { limits: { maxCalls: 1, pingAfterMs: 20 } },
    );
    await session.call({ method: 'execute', step: 'computes', params: {} });
    await untilNoProcess(session);
    expect(log.map(({ message }) => message)).toEqual(['asked to finish']);
  });

  it('is replaced before anybody asks, where a spare is wanted', async () => {
    const { session } = await openScript(holdingPlugin(), { limits: { maxCalls: 1, minIdle: 1 } });
    const first = await quickCall(session);
    await until(() => session.pids.length === 1 && session.pid !== first, { what: 'another one is ready' });
    const { pid } = session;
    expect(await quickCall(session)).toBe(pid);
  });
});

describe('a plugin whose calls are isolated', () => {
  it('gets a fresh process for each call, the undo included', async () => {
    const { session, log } = await openScript(holdingPlugin(), { isolation: 'process', limits: { maxRestarts: 0 } });
    const pids = [await quickCall(session), await quickCall(session)];
    const undo = await session.call({ method: 'rollback', step: 'hold', params: { step: 'hold' } });
    expect(new Set([...pids, Number(undo.left_behind[0])]).size).toBe(3);
    await untilNoProcess(session);
    expect(log).toEqual([]);
  });

  it('may be a program that answers one call and ends by itself', async () => {
    const { session, log } = await openScript(
      `plugin([{ name: 'once' }], { execute: ({ id }) => { result(id, { success: true, data: { pid: process.pid } }); process.exitCode = 0; process.stdin.destroy(); } });`,
      { isolation: 'process', limits: { maxRestarts: 0 } },
    );
    const pids: unknown[] = [];
    for (let call = 0; call < 3; call += 1) {
      const { report } = await runSteps(session, ['once']);
      pids.push((report.steps[0]?.data as { readonly pid?: number } | undefined)?.pid);
    }
    expect(new Set(pids).size).toBe(3);
    await untilNoProcess(session);
    expect(log).toEqual([]);
  });

  it('keeps its stdin open until the answer: its end means that the host is gone', async () => {
    const { session } = await openScript(
      `plugin([{ name: 'asks' }], { execute: ({ id }) => notify('undo', { id, seq: 1, data: {} }) });
       onNotification('undo_saved', ({ id }) => result(id, { success: true })); // at the end of stdin it would be gone`,
      { isolation: 'process' },
    );
    const { report } = await runSteps(session, ['asks']);
    expect(report.status).toBe('succeeded');
  });

  it('may die in a call as often as it likes', async () => {
    const { session } = await openScript(holdingPlugin(), { isolation: 'process', limits: { maxRestarts: 1 } });
    for (let call = 0; call < 4; call += 1) expect(await dieIn(session)).toMatchObject({ code: 'exited' });
    expect(await quickCall(session)).toBeGreaterThan(0);
  });

  it('is given up when it does not even start any more', async () => {
    const { session } = await openScript(
      `import { existsSync, writeFileSync } from 'node:fs';
       const mark = new URL('started', import.meta.url);
       if (existsSync(mark)) process.exit(7);
       writeFileSync(mark, '');
       ${holdingPlugin()}`,
      { isolation: 'process', limits: { maxRestarts: 1 } },
    );
    expect(await quickCall(session)).toBeGreaterThan(0);
    for (let call = 0; call < 2; call += 1) {
      await expect(quickCall(session)).rejects.toMatchObject({ code: 'exited', exit: { code: 7 } });
    }
    await expect(quickCall(session)).rejects.toMatchObject({ code: 'restart_budget_exhausted' });
  });
});

describe('an undo that takes too long', () => {
  it.runIf(availableParallelism() > 1)(
    'RB-6: is ended, and only then tried again, also where there are other processes',
    async () => {
      const { session } = await openScript(
        `process.on('SIGTERM', () => undefined);
       const execute = ({ id }) => result(id, { success: false, error: 'no' });
       const rollback = ({ id, params }) => params.undo_attempt === 1 ? undefined : result(id, { outcome: 'undone' });
       plugin([{ name: 'work', rollback: true }], { execute, rollback });`,
        { workers: 2 },
      );
      const pid = session.pid ?? 0;
      let isGone = false;
      const { report } = await recordRun([session.step('work')], new OpenContext(), {
        undo: { tries: 20, delayMs: 0, timeoutMs: 200 }, // a try includes the start of its process
        onEvent: (event) => {
          if (event.type === 'undo-start' && event.undoAttempt === 2) isGone = !isAlive(pid);
        },
      });
      expect(isGone).toBe(true);
      expect(report.rollback?.steps).toMatchObject([{ outcome: 'undone' }]);
    },
  );

  it('UD-5: is ended also when it waits for the confirmation of bad undo data that has no readable seq', async () => {
    const { session } = await openScript(
      `const execute = ({ id }) => result(id, { success: false, error: 'no' });
       const rollback = ({ id }) => notify('undo', { id, data: 5 });
       plugin([{ name: 'work', rollback: true }], { execute, rollback });
       onNotification('undo_saved', ({ id }) => result(id, { outcome: 'undone' }));`,
    );
    const undo = { tries: 1, timeoutMs: 100 };
    const { report } = await recordRun([session.step('work')], new OpenContext(), { undo });
    expect(report.rollback?.steps).toMatchObject([{ outcome: 'failed', error: { code: 'undo_timeout' } }]);
    expect(session.pids).toEqual([]);
  });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a plugin that dies again and again', () => {
  it('F-37: is started again at once the first time, then after pauses that grow', async () => {
    const clock = new ManualClock();
    const { session } = await openScript(holdingPlugin(), {
      clock,
      limits: { restartDelayMs: 100, longestRestartDelayMs: 350, idleMs: 0, maxRestarts: 5 },
    });
    await dieIn(session);
    expect(await quickCall(session)).toBeGreaterThan(0);
    for (const pause of [50, 100, 175, 175]) {
      await dieIn(session);
      const call = quickCall(session);
      await until(() => clock.waits.length > 0, { what: 'it waits' });
      expect(clock.waits).toEqual([pause]);
      clock.advance(pause);
      expect(await call).toBeGreaterThan(0);
    }
    await dieIn(session);
    await expect(quickCall(session)).rejects.toMatchObject({ code: 'restart_budget_exhausted' });
  });

  it('is not waited for when the session is closed', async () => {
    const clock = new ManualClock();
    const { session } = await openScript(holdingPlugin(), { clock, limits: { restartDelayMs: 100, idleMs: 0 } });
    await dieIn(session);
    await dieIn(session);
    const call = quickCall(session);
    await until(() => clock.waits.length > 0, { what: 'it waits' });
    const refused = call.catch((error: unknown) => error);
    await session.close();
    expect(await refused).toMatchObject({ code: 'session_closed' });
    expect(clock.waits).toEqual([]);
  });

  it('PC-4: is started again for the undo of each step, however often those of others have died of it', async () => {
    const { session } = await openScript(
      `const execute = ({ id, params: { step } }) => step === 'fail' ? process.exit(1) : result(id, { success: true, undo: { step } });
       const rollback = ({ id, params: { step } }) => step === 'good' ? result(id, { outcome: 'undone' }) : process.exit(3);
       plugin(['good', 'bad', 'worse', 'worst', 'fail'].map((name) => ({ name, rollback: name !== 'fail' })), { execute, rollback });`,
      { limits: { maxRestarts: 2 } },
    );
    const steps = ['good', 'bad', 'worse', 'worst', 'fail'].map((name) => session.step(name));
    const { report } = await recordRun(steps, new OpenContext());
    expect(report.rollback?.steps.map(({ name, outcome, tries }) => [name, outcome, tries])).toEqual([
      ['fail', 'nothing-to-undo', 0],
      ['worst', 'failed', 3],
      ['worse', 'failed', 3],
      ['bad', 'failed', 3],
      ['good', 'undone', 1],
    ]);
  });
});
