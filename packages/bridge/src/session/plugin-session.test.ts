import { describe, expect, it } from 'vitest';
import { openScript } from '../../test/open-script.js';
import { processesOfSession, until } from '../../test/processes.js';
import { runSteps } from '../../test/run-steps.js';
import type { PluginSession } from './plugin-session.js';

const reason = new Error('enough');
const DIES = 'execute: () => process.exit(3)';

async function lose(session: PluginSession): Promise<void> {
  await expect(session.call({ method: 'execute', step: 'work', params: {} })).rejects.toMatchObject({ code: 'exited' });
}

describe('a session whose plugin died', () => {
  it('does not begin a step that was cancelled while the plugin was started again', async () => {
    const { session, log } = await openScript(`
      plugin([{ name: 'work' }], { execute: ({ params }) => { console.error('begun', params.n); process.exit(3); } });`);
    await lose(session);
    const stop = new AbortController();
    const call = session.call({ method: 'execute', step: 'work', params: { n: 2 }, signal: stop.signal });
    await until(() => processesOfSession(session.id).length > 0, { what: 'it is started again' });
    stop.abort(reason);
    await expect(call).rejects.toBe(reason);
    await session.close();
    expect(log.map((entry) => entry.message)).not.toContain('begun 2');
  });

  it('leaves nothing behind when it is closed while the plugin is started again', async () => {
    const { session } = await openScript(`plugin([{ name: 'work' }], { ${DIES} });`);
    await lose(session);
    const call = session.call({ method: 'execute', step: 'work', params: {} });
    await until(() => processesOfSession(session.id).length > 0, { what: 'it is started again' });
    const refused = call.catch((error: unknown) => error);
    await session.close();
    expect(processesOfSession(session.id)).toEqual([]);
    expect(await refused).toMatchObject({ code: 'session_closed' });
  });

  it('F-37: can undo also when it is not started any more to go forwards', async () => {
    const { session } = await openScript(
      `plugin([{ name: 'work', rollback: true }], { ${DIES}, rollback: ({ id }) => result(id, { outcome: 'undone' }) });`,
      { limits: { maxRestarts: 0 } },
    );
    const { report } = await runSteps(session, ['work']);
    expect(report).toMatchObject({ status: 'rolled-back', steps: [{ error: { code: 'exited' } }] });
    await lose(session);
    await expect(session.call({ method: 'execute', step: 'work', params: {} })).rejects.toMatchObject({
      code: 'restart_budget_exhausted',
    });
  });
});

describe('a session', () => {
  it('F-31: survives a request of the plugin between two calls', async () => {
    const { session, log } = await openScript(`
      plugin([{ name: 'work' }], { execute: ({ id }) => { result(id, { success: true }); setImmediate(() => write({ id: 9, method: 'ask' })); } });`);
    const { pid } = session;
    await session.call({ method: 'execute', step: 'work', params: {} });
    await until(() => log.some(({ message }) => message.includes('only the host does that')), {
      what: 'it is told of',
    });
    await session.call({ method: 'execute', step: 'work', params: {} });
    expect(session.pid).toBe(pid);
  });

  it('gives a plugin that closes its stdout first the whole time to finish', async () => {
    const { session, log } = await openScript(
      `import { closeSync } from 'node:fs';
       process.on('SIGTERM', () => { console.error('told to terminate'); process.exit(1); });
       plugin([{ name: 'work' }], { shutdown: () => { closeSync(1); setTimeout(() => { console.error('cleaned up'); process.exit(0); }, 500); } });
       process.stdin.removeAllListeners('end');`,
    );
    await session.close();
    expect(log.map(({ message }) => message)).toEqual(['cleaned up']);
  });

  it('F-11: a cancel that does not fit into the queue still ends its step', async () => {
    const { session } = await openScript(
      `process.stdin.on('data', () => process.stdin.pause());
       setInterval(() => undefined, 1000);
       plugin([{ name: 'work' }], {}, { cancel: true });`,
      { limits: { maxQueuedBytes: 3_000_000 } },
    );
    const params = { text: 'x'.repeat(2_999_850) };
    const call = session.call({ method: 'execute', step: 'work', params, signal: AbortSignal.timeout(50) });
    await expect(call).rejects.toMatchObject({
      code: expect.stringMatching(/killed_after_cancel|queue_full/) as string,
    });
  });

  it('a time limit of months is no time limit of a millisecond', async () => {
    const { session } = await openScript(`
      plugin([{ name: 'work', timeout_ms: 2 ** 33 }], { execute: ({ id }) => setTimeout(() => result(id, { success: true }), 300) });`);
    const { report } = await runSteps(session, ['work']);
    expect(report.status).toBe('succeeded');
  });
});

describe('secrets', () => {
  const secrets = { LONG: 'abcd-efgh', SHORT: 'abcd', KEY: '-----BEGIN-----\nfirstline\n-----END-----' };

  it('are hidden in logs, errors, tracebacks and causes, also when one holds another, or lines', async () => {
    const { session } = await openScript(
      `const told = 'abcd-efgh firstline';
       const cause = { type: told, message: told, traceback: [told] };
       plugin([{ name: 'fails' }, { name: 'errs' }], { execute: ({ id, params }) => {
         notify('log', { id, seq: 1, level: 'info', event: null, message: told, data: { told: [told] } });
         notify('progress', { id, seq: 2, current: 1, total: 2, message: told });
         const data = { kind: 'unavailable', hint: told, cause: [{ name: told, message: told, stack: [told] }] };
         if (params.step === 'errs') write({ id, error: { code: 1006, message: told, data } });
         else result(id, { success: false, error: told, cause, data: { kept: told } });
       } });`,
      { secrets },
    );
    for (const step of ['fails', 'errs']) {
      const { events, error } = await runSteps(session, [step]);
      const { data, ...rest } = error?.report.steps[0] ?? {};
      const shown = JSON.stringify([
        events.filter(({ type }) => type === 'step-log' || type === 'step-progress'),
        rest,
        error?.message,
        error?.cause,
        textsOf(error),
      ]);
      expect(shown).not.toMatch(/abcd|efgh|firstline/);
      expect(shown).toContain('[secret LONG] [secret KEY]');
      expect(data).toEqual(step === 'fails' ? { kept: 'abcd-efgh firstline' } : {});
    }
  });

  it('are hidden in the first words of what is no plugin', async () => {
    const connecting = openScript(
      `process.stdin.on('data', (text) => { console.log('got', text.replaceAll('jsonrpc', 'x')); process.exit(1); });`,
      {
        secrets: { TOKEN: 'se-cr-et' },
      },
    );
    await expect(connecting).rejects.toMatchObject({
      code: 'not_a_plugin',
      message: expect.not.stringContaining('se-cr-et') as string,
      details: { firstOutput: expect.stringContaining('[secret TOKEN]') as string },
    });
  });
});

function textsOf(error: unknown): string[] {
  return error instanceof Error ? [error.message, error.stack ?? '', ...textsOf(error.cause)] : [];
}
