import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { SHORT_LIMITS } from '../../test/open-fixture.js';
import { processesOfSession, until } from '../../test/processes.js';
import { runSteps } from '../../test/run-steps.js';
import { connectPlugin, type PluginSession } from '../index.js';

const file = fileURLToPath(new URL('../../test/served-plugin.ts', import.meta.url));
const root = fileURLToPath(new URL('../../../..', import.meta.url));
const command = [process.execPath, '--conditions=@synapse-steps/source', '--import', 'tsx', file];

// Starting one takes long (its TypeScript is compiled), so that all tests share it.
let session: PluginSession;

beforeAll(async () => {
  session = await connectPlugin(
    { command },
    { cwd: root, name: 'served', onLog: () => undefined, limits: { ...SHORT_LIMITS, maxFileBytes: 0 } },
  );
});

afterAll(async () => {
  await session.close();
  await until(() => processesOfSession(session.id).length === 0, { what: 'the plugin is gone' });
});

describe('servePlugin with other limits, and secrets', () => {
  it('F-14: keeps to the limits of its host, and has the secrets in its environment only', async () => {
    const limits = { ...SHORT_LIMITS, maxFrameBytes: 9_900_000, maxDepth: 100, maxFileBytes: 0 };
    const other = await connectPlugin({ command }, { cwd: root, limits, secrets: { BRIDGE_TEST_TOKEN: 'se-cr-et' } });
    onTestFinished(() => other.close());
    const deep: unknown = JSON.parse('['.repeat(63) + ']'.repeat(63));
    const run = await runSteps(other, ['bad'], {
      params: { kind: 'big' },
      fields: { deep: deep as [], text: 'x'.repeat(9_000_000) },
    });
    expect(run.error).toBeUndefined();
    expect(run.report.steps[0]).toHaveProperty('data.text.length', 9_000_000);
    expect(run.report.steps[0]).toHaveProperty('data.token', 'se-cr-et');
  });
});

describe('servePlugin', () => {
  it('describes its steps', () => {
    expect(session.info.plugin).toMatchObject({ name: 'served', version: '1.2.3', language: 'node' });
    expect(
      session.steps.map(({ name, weight, title, can_skip, rollback }) => ({ name, weight, title, can_skip, rollback })),
    ).toEqual([
      { name: 'change', weight: 0.4, title: 'Changes things', can_skip: true, rollback: false },
      { name: 'talk', weight: 1, title: null, can_skip: false, rollback: true },
      { name: 'wait', weight: 1, title: null, can_skip: false, rollback: true },
      { name: 'bad', weight: 1, title: null, can_skip: false, rollback: true },
    ]);
  });

  it('says which of them want a process of their own, or a variable', () => {
    expect(session.steps.map(({ name, exclusive, env }) => [name, exclusive, env])).toEqual([
      ['change', true, ['PATH']],
      ['talk', false, []],
      ['wait', false, []],
      ['bad', false, []],
    ]);
  });

  it('PC-3: says that it wants a host, and exits with 64, when no host has started it', async () => {
    const { stdout, stderr, code } = await oneShot('', {});
    expect({ stdout, code }).toEqual({ stdout: '', code: 64 });
    expect(stderr).toContain('synapse-steps describe');
  });

  it('changes however deep come back as patches, what was not changed does not, and values get their types', async () => {
    const fields = { since: '2024-05-01T00:00:00.000Z', model: { layers: [1] }, draft: 'x', rows: [1, 2, 3] };
    const run = await runSteps(session, ['change'], { fields, stepParams: { rate: 0.1 } });
    expect(run.report.steps[0]?.data).toEqual({ sinceIsDate: true, rate: 0.1 });
    expect(run.events.find((event) => event.type === 'context-change')).toMatchObject({
      patch: [
        { op: 'replace', path: '/model', value: { layers: [1, 4], path: 'm.json' } },
        { op: 'remove', path: '/draft' },
      ],
    });
    const skipped = await runSteps(session, ['change'], { params: { skip: true } });
    expect(skipped.report.steps[0]?.status).toBe('skipped');
  });

  it('printing never reaches the wire; what a step tells its context does; undo data is safe before it goes on', async () => {
    const { events, report, context } = await runSteps(session, ['talk']);
    const logged = events.filter((event) => event.type === 'step-log').map((log) => log.message ?? log.event);
    expect(logged).toHaveLength(4);
    expect(logged).toEqual(
      expect.arrayContaining([
        'on console',
        '{"jsonrpc":"2.0","id":3,"result":{"success":true,"data":{"forged":true}}}',
        'event',
        'message',
      ]),
    );
    expect(events.find((event) => event.type === 'step-progress')).toMatchObject({ current: 1, total: 2 });
    expect(events.find((event) => event.type === 'step-metric')).toMatchObject({ metrics: { loss: 0.25 } });
    const types = events.map((event) => event.type);
    expect(types.indexOf('context-change')).toBeLessThan(types.indexOf('undo-saved'));
    expect(report).toMatchObject({
      status: 'rollback-incomplete',
      steps: [{ status: 'failed', data: { half: true } }],
      rollback: { steps: [{ outcome: 'irreversible', leftBehind: ['a trace'] }] },
    });
    expect(context).toMatchObject({ undone: { path: 'n.json' }, status: 'failed' });
  });

  it('a cancel aborts the signal of the step; the process lives on', async () => {
    const { pid } = session;
    const stop = new AbortController();
    const { error, report } = await runSteps(session, ['wait'], {
      signal: stop.signal,
      onEvent: (event) => event.type === 'undo-saved' && stop.abort(new Error('enough')),
    });
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(report.rollback?.complete).toBe(true);
    expect(session.pid).toBe(pid);
  });

  it('F-29: a cancel that arrives together with its step is heeded before the step begins', async () => {
    const call = { run_id: 'r', step: 'wait', params: {}, step_params: {}, context: { rev: 1, full: {} } };
    const { stdout } = await oneShot(
      [
        { id: 1, method: 'execute', params: { ...call, attempt: 1, idempotency_key: 'k' } },
        { method: 'cancel', params: { id: 1, reason: 'enough', grace_ms: 5000 } },
      ]
        .map((frame) => `${JSON.stringify({ jsonrpc: '2.0', ...frame })}\n`)
        .join(''),
    );
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, error: { code: 1003, message: 'enough' } });
  });

  it('changes whose undo data could not be sent are sent when the step ends', async () => {
    const { report, context } = await runSteps(session, ['bad'], { params: { kind: 'undo' } });
    expect(report.status).toBe('succeeded');
    expect(context['good']).toBe(1);
  });

  it('an undo that would save undo data fails, and waits for nobody', async () => {
    const { report } = await runSteps(session, ['bad'], { params: { kind: 'undoes badly' } });
    expect(report.rollback?.steps[0]).toMatchObject({
      outcome: 'failed',
      error: { message: expect.stringContaining('cannot save undo data') as string },
    });
  });

  it.each([
    ['throws', 'out of range'],
    ['nothing', "execute() of 'bad' must return a StepResult."],
    ['data', 'The data of the result cannot be written as JSON: a function at /f.'],
    ['field', "The context's field 'bad' cannot be written as JSON"],
    ['number', 'NaN at /big'],
    ['big', 'bytes'],
    ['dies', 'exited with code 9'],
  ])('a step that is bad (%s) fails with a message that says so', async (kind, message) => {
    const { error, context, events } = await runSteps(session, ['bad'], { params: { kind } });
    const end = events.find((event) => event.type === 'step-end');
    if (kind === 'data') expect(end).toMatchObject({ rollbackData: { kept: 1 } });
    if (kind === 'number') expect(end).toMatchObject({ rollbackData: { kept: 2 } });
    expect(error?.message).toContain(message);
    if (kind === 'field') expect(context['good']).toBe(1);
    if (kind === 'throws')
      expect(error?.cause).toMatchObject({ stack: expect.stringContaining('served-plugin.ts') as string });
  });

  it('F-22: answers a request whole although its stdin ends at once', async () => {
    const request = {
      jsonrpc: '2.0',
      id: 1,
      method: 'execute',
      params: {
        run_id: 'r',
        step: 'bad',
        params: { kind: 'large' },
        step_params: {},
        context: { rev: 1, full: {} },
        attempt: 1,
        idempotency_key: 'k',
      },
    };
    const { stdout, code } = await oneShot(`${JSON.stringify(request)}\n`);
    expect(JSON.parse(stdout)).toMatchObject({ id: 1, result: { success: true } });
    expect(stdout.length).toBeGreaterThan(4_000_000);
    expect(code).toBe(0);
  });

  it('F-41: answers what it does not know or cannot read with an error, and what has no id with a line on stderr', async () => {
    const { stdout, stderr } = await oneShot(
      '{"jsonrpc":"2.0","id":9,"method":"execute","params":{"n":1e999}}\n{"jsonrpc":"2.0","id":1,"method":"fly"}\nnonsense\n{"jsonrpc":"2.0","method":"fly"}\n{"jsonrpc":"2.0","id":2,"method":"initialize","params":{"protocol_versions":[7],"host":{"name":"h","version":"1"},"session":"s","limits":{"max_frame_bytes":1,"max_depth":1,"inline_bytes":1},"work_dir":"/"}}\n{"jsonrpc":"2.0","id":3,"method":"execute"}\n',
    );
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: number; error: { code: number } });
    expect(answers.map(({ id, error }) => [id, error.code])).toEqual([
      [9, -32600],
      [1, -32601],
      [2, 1011],
      [3, -32602],
    ]);
    expect(stderr).toContain('could not be read (json)');
  });
});

async function oneShot(
  input: string,
  env: Readonly<Record<string, string>> = { STEP_PROTOCOL_SESSION: 'one-shot' },
): Promise<{ stdout: string; stderr: string; code: number }> {
  return await new Promise((resolve) => {
    const [program = '', ...args] = command;
    const child = execFile(
      program,
      args,
      { cwd: root, maxBuffer: 20_000_000, timeout: 15_000, env: { ...process.env, ...env } },
      (error, stdout, stderr) => {
        resolve({ stdout, stderr, code: typeof error?.code === 'number' ? error.code : 0 });
      },
    );
    child.stdin?.end(input);
  });
}
