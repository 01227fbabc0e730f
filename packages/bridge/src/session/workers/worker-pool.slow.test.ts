import { availableParallelism } from 'node:os';
import { describe, expect, it } from 'vitest';
import { dieIn, holdCall, holdingPlugin, quickCall } from '../../../test/held-call.js';
import { openScript } from '../../../test/open-script.js';
import { until } from '../../../test/processes.js';

const reason = new Error('enough');
const twoAtOnce = availableParallelism() > 1; // never more processes than processors

describe.runIf(twoAtOnce)('a plugin with two workers', () => {
  it('serves two calls at once, in a process each; a third waits for the first that is free', async () => {
    const { session } = await openScript(holdingPlugin(), { workers: 2 });
    const calls = [holdCall(session), holdCall(session), holdCall(session)] as const;
    const [first, second] = await Promise.all([calls[0].entered, calls[1].entered]);
    expect(new Set([first, second]).size).toBe(2);
    expect(session.pids.toSorted()).toEqual([first, second].toSorted());
    calls[1].letGo();
    expect(await calls[2].entered).toBe(second);
    for (const call of calls) call.letGo();
    expect(await Promise.all(calls.map(async ({ result }) => await result))).toEqual([first, second, second]);
  });

  it('starts the second process only when a call needs it', async () => {
    const { session } = await openScript(holdingPlugin(), { workers: 2 });
    const pids = [await quickCall(session), await quickCall(session)];
    expect(pids).toEqual([session.pid, session.pid]);
    expect(session.pids).toHaveLength(1);
  });

  it.each([
    ['dies', 'hold', 'signalled'],
    ['is cancelled and heeds it', 'hold', 'cancelled'],
    ['is cancelled and has to be ended', 'deaf', 'killed_after_cancel'],
  ])('when one %s the other does not notice', async (_how, step, code) => {
    const { session } = await openScript(holdingPlugin(), { workers: 2 });
    const stop = new AbortController();
    const other = holdCall(session);
    const pid = await other.entered;
    const call = holdCall(session, step, { signal: stop.signal });
    const doomed = await call.entered;
    if (code === 'signalled') process.kill(doomed, 'SIGKILL');
    else stop.abort(reason);
    await expect(call.result).rejects.toMatchObject({ code });
    other.letGo();
    expect(await other.result).toBe(pid);
  });

  it('goes on with one when the other cannot be started, and says so', async () => {
    const { session, log } = await openScript(
      `import { existsSync, writeFileSync } from 'node:fs';
       const mark = new URL('started', import.meta.url);
       if (existsSync(mark)) process.exit(7);
       writeFileSync(mark, '');
       ${holdingPlugin()}`,
      { workers: 2 },
    );
    const first = holdCall(session);
    const pid = await first.entered;
    const second = holdCall(session);
    await until(() => log.length > 0, { what: 'the failed start is told' });
    expect(log[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('exited with code 7') as string,
    });
    first.letGo();
    expect(await second.entered).toBe(pid);
    second.letGo();
    await second.result;
  });

  it('gives an exclusive step one of its own while the other goes on', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 2 }), { workers: 2 });
    const shared = holdCall(session);
    const pid = await shared.entered;
    const alone = holdCall(session, 'private');
    expect(await alone.entered).not.toBe(pid);
    expect(await quickCall(session)).toBe(pid);
    alone.letGo();
    await alone.result;
    shared.letGo();
    expect(await shared.result).toBe(pid);
  });

  it('ends one whose time is over, and no other', async () => {
    const { session } = await openScript(holdingPlugin(), { workers: 2, limits: { cancelGraceMs: 1 } });
    const other = holdCall(session);
    const pid = await other.entered;
    const call = holdCall(session, 'deaf', { deadlineMs: 1 });
    await expect(call.result).rejects.toMatchObject({ code: 'timeout' });
    other.letGo();
    expect(await other.result).toBe(pid);
  });

  it('is closed as a whole: calls under way and calls that wait fail, and nothing is left', async () => {
    const { session } = await openScript(holdingPlugin(), { workers: 2 });
    const calls = [holdCall(session), holdCall(session), holdCall(session)] as const;
    await Promise.all([calls[0].entered, calls[1].entered]);
    await session.close();
    for (const call of calls) await expect(call.result).rejects.toMatchObject({ code: 'session_closed' });
    expect(session.pids).toEqual([]);
    await expect(quickCall(session)).rejects.toMatchObject({ code: 'session_closed' });
  });
});

describe('the number of workers', () => {
  it('is at most that of the processors', async () => {
    const { session } = await openScript(holdingPlugin(), { workers: 10_000 });
    const calls = Array.from({ length: availableParallelism() + 1 }, () => holdCall(session));
    await Promise.all(calls.slice(0, -1).map(async ({ entered }) => await entered));
    expect(session.pids).toHaveLength(availableParallelism());
    await session.close();
  });

  it.each([0, 1.5, Number.NaN])('is no %s', async (workers) => {
    await expect(openScript(holdingPlugin(), { workers })).rejects.toThrow(/'workers' must be a whole number/);
  });
});

describe('calls that wait for a process', () => {
  it('are bounded in number; an undo is never turned away', async () => {
    const { session } = await openScript(holdingPlugin(), { limits: { maxQueuedCalls: 1 } });
    const running = holdCall(session);
    await running.entered;
    const waiting = holdCall(session);
    await expect(quickCall(session)).rejects.toMatchObject({
      code: 'queue_full',
      message: expect.stringContaining("1 calls already wait for plugin 'script'") as string,
    });
    const undo = session.call({ method: 'rollback', step: 'hold', params: { step: 'hold' } });
    running.letGo();
    await waiting.entered;
    waiting.letGo();
    expect(await undo).toMatchObject({ outcome: 'undone' });
  });

  it('leave when they are cancelled, with the reason of that, and are never sent', async () => {
    const { session } = await openScript(holdingPlugin());
    const running = holdCall(session);
    await running.entered;
    const stop = new AbortController();
    const waiting = holdCall(session, 'hold', { signal: stop.signal });
    stop.abort(reason);
    await expect(waiting.result).rejects.toBe(reason);
    running.letGo();
    await running.result;
  });

  it('may be many with one signal', async () => {
    const { session } = await openScript(holdingPlugin());
    const running = holdCall(session);
    await running.entered;
    const stop = new AbortController();
    const waiting = Array.from({ length: 100 }, () => holdCall(session, 'hold', { signal: stop.signal }));
    stop.abort(reason);
    for (const { result } of waiting) await expect(result).rejects.toBe(reason);
    running.letGo();
    await running.result; // and Node has warned of no leak: see clean-scene.ts
  });

  it('fail with the session that is closed at the moment of their turn, unsent', async () => {
    const { session } = await openScript(holdingPlugin());
    const running = holdCall(session);
    await running.entered;
    const waiting = quickCall(session);
    running.letGo();
    await running.result;
    const closed = session.close();
    await expect(waiting).rejects.toMatchObject({ code: 'session_closed', outcomeUnknown: false });
    await closed;
  });
});

describe('an undo whose own time is over', () => {
  it('leaves the line, and is never sent', async () => {
    const { session } = await openScript(holdingPlugin());
    const running = holdCall(session);
    await running.entered;
    const stop = new AbortController();
    const undo = session.call({ method: 'rollback', step: 'hold', params: { step: 'hold' }, signal: stop.signal });
    stop.abort(reason);
    await expect(undo).rejects.toBe(reason);
    running.letGo();
    expect(await running.result).toBe(await quickCall(session)); // a process that was sent it would have been ended
  });
});

describe('a call that waits behind one that wants more', () => {
  it('is served as soon as that one has given up', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 2 }));
    const running = holdCall(session);
    await running.entered;
    const stop = new AbortController();
    const demanding = holdCall(session, 'private', { signal: stop.signal });
    const modest = quickCall(session);
    stop.abort(reason);
    await expect(demanding.result).rejects.toBe(reason);
    expect(await modest).toBe(session.pid);
    running.letGo();
    await running.result;
  });
});

describe('a plugin that serves several calls in one process', () => {
  it('gets as many as it offers; further ones wait', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 3 }));
    const calls = Array.from({ length: 4 }, () => holdCall(session));
    const pids = await Promise.all(calls.slice(0, 3).map(async ({ entered }) => await entered));
    expect(new Set(pids)).toEqual(new Set([session.pid]));
    const order: string[] = [];
    const second = calls[1]?.result.then(() => order.push('the second is answered'));
    const fourth = calls[3]?.entered.then(() => order.push('the fourth runs'));
    calls[1]?.letGo();
    await Promise.all([second, fourth]);
    expect(order).toEqual(['the second is answered', 'the fourth runs']);
    for (const call of calls) call.letGo();
    await Promise.all(calls.map(async ({ result }) => await result));
  });

  it('a cancel reaches the one call that it is for', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 2 }));
    const stop = new AbortController();
    const [kept, cancelled] = [holdCall(session), holdCall(session, 'hold', { signal: stop.signal })] as const;
    await Promise.all([kept.entered, cancelled.entered]);
    stop.abort(reason);
    await expect(cancelled.result).rejects.toMatchObject({ code: 'cancelled' });
    kept.letGo();
    expect(await kept.result).toBe(session.pid);
  });

  it('when it must be ended because of one call, the others fail as collateral', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 2 }));
    const stop = new AbortController();
    const [bystander, culprit] = [holdCall(session), holdCall(session, 'deaf', { signal: stop.signal })] as const;
    await Promise.all([bystander.entered, culprit.entered]);
    stop.abort(reason);
    await expect(culprit.result).rejects.toMatchObject({ code: 'killed_after_cancel', step: 'deaf' });
    await expect(bystander.result).rejects.toMatchObject({
      code: 'collateral',
      step: 'hold',
      outcomeUnknown: true,
      message: expect.stringContaining('because of another call in the same process') as string,
    });
  });

  it('when it dies by itself all calls fail alike, as nobody knows which one it died of', async () => {
    const { session } = await openScript(holdingPlugin({ max_in_flight: 2 }));
    const call = holdCall(session);
    await call.entered;
    expect(await dieIn(session)).toMatchObject({ code: 'exited', step: 'die', exit: { code: 3 } });
    await expect(call.result).rejects.toMatchObject({
      code: 'exited',
      message: expect.stringContaining('Another call was under way in it') as string,
    });
  });

  it('what it prints belongs to no call while there are several', async () => {
    const { session, log } = await openScript(
      `${holdingPlugin({ max_in_flight: 2 })}
       onMessage(({ method }) => method === 'execute' && console.error('printed'));`,
    );
    const lines: string[] = [];
    const listener = { onNotification: () => undefined, onLines: (seen: readonly string[]) => lines.push(...seen) };
    const first = session.call({ method: 'execute', step: 'hold', params: { step: 'hold' }, listener });
    await until(() => lines.length === 1, { what: 'the first line is with its only call' });
    const second = holdCall(session);
    await until(() => log.length === 1, { what: 'the second line is in the log' });
    expect(log[0]).toMatchObject({ message: 'printed', source: 'stderr' });
    await session.close();
    await expect(first).rejects.toMatchObject({ code: 'session_closed' });
    await expect(second.result).rejects.toMatchObject({ code: 'session_closed' });
  });
});

describe('an exclusive step', () => {
  it('gets a fresh process for itself, which ends behind it', async () => {
    const { session, log } = await openScript(holdingPlugin({ max_in_flight: 2 }));
    const shared = await quickCall(session);
    const alone = holdCall(session, 'private');
    const own = await alone.entered;
    expect(own).not.toBe(shared);
    const next = quickCall(session);
    expect(session.pids).toEqual([own]);
    alone.letGo();
    expect(await alone.result).toBe(own);
    expect(await next).not.toBe(own);
    expect(log).toEqual([]);
  });

  it('takes a process that has served nothing yet, also after it was asked whether to skip', async () => {
    const { session } = await openScript(holdingPlugin());
    const { pid } = session;
    const alone = holdCall(session, 'private');
    expect(await alone.entered).toBe(pid);
    alone.letGo();
    await alone.result;
    const { reason: asked } = await session.call({ method: 'can_skip', step: 'private', params: { step: 'private' } });
    expect(Number(asked)).not.toBe(pid);
    const again = holdCall(session, 'private');
    expect(await again.entered).not.toBe(Number(asked));
    again.letGo();
    await again.result;
  });
});
