import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import {
  BaseStepContext,
  defineStep,
  Orchestrator,
  RuntimeContext,
  StepRegistry,
  StepResult,
} from '@synapse-steps/core';
import { ManualClock } from '@synapse-steps/core/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

import { freePort, startBackend } from '../../test/start-backend.js';
import { BackendClient } from '../backend-client.js';
import { BackendJobClient, type JobBackend } from './backend-job-client.js';
import { JobReporter } from './job-reporter.js';

const count = defineStep({
  name: 'count',
  progressWeight: 3,
  execute(context: BaseStepContext) {
    for (let number = 1; number <= 10; number += 1) {
      context.setProgress(number, 10);
      context.setMetrics({ numbers: number });
      context.log('counted', { number });
    }
    return StepResult.ok();
  },
});
const say = defineStep({
  name: 'say',
  execute: (context: BaseStepContext) => (context.logMessage('done'), StepResult.ok()),
});

async function run(reporter: JobReporter): Promise<void> {
  const registry = new StepRegistry().register(count).register(say);
  await new Orchestrator(registry, new BaseStepContext(new RuntimeContext({ logger: reporter }))).execute();
}

it('tells a job of a whole run: lines in one batch, and the last progress and metrics', async () => {
  const { backend, server, paths } = await startBackend();
  const reporter = new JobReporter(backend, 42);
  await run(reporter);
  expect(await reporter.close()).toEqual({
    isComplete: true,
    lines: { dropped: 0, unsent: 0, unconfirmed: 0, refused: 0, cut: 0 },
    isProgressCurrent: true,
  });
  expect(paths().filter((path) => path.startsWith('POST'))).toEqual(['POST /logs/ 201']);
  expect(server.state.logs.map(({ event, step, job, data }) => [event, step, job, data])).toEqual([
    ...Array.from({ length: 10 }, (_, index) => ['counted', 'count', '42', { number: index + 1 }]),
    ['message', 'say', '42', { content: 'done' }],
  ]);
  expect(server.state.updates.at(-1)).toMatchObject({
    job: '42',
    progress_record: {
      current_progress: { overall: 100 },
      record: { steps: { count: { proportion: 75, percent: 100 } } },
    },
    metrics_record: { record: { steps: { count: { numbers: 10 } } } },
  });
  expect(server.state.updates.length).toBeLessThanOrEqual(3);
});

it('sends 200 lines at once, and fewer after two seconds', async () => {
  const { backend, server } = await startBackend();
  const clock = new ManualClock();
  const reporter = new JobReporter(backend, 42, { clock });
  for (let number = 0; number < 201; number += 1) reporter.log('line', { number });
  await expect.poll(() => server.state.logs.length).toBe(200);
  clock.advance(2000);
  await expect.poll(() => server.state.logs.length).toBe(201);
  expect(await reporter.close()).toMatchObject({ isComplete: true });
});

describe('a backend that is away', () => {
  it('holds up nothing; the newest 32 MiB of lines wait, and the rest is counted', async () => {
    const backend = new BackendClient({ host: `http://127.0.0.1:${await freePort()}`, retries: 0 });
    const reporter = new JobReporter(backend, 42);
    await run(reporter);
    await expect.poll(() => reporter.report().lastError).toBeDefined();
    await reporter.flush();
    const text = 'x'.repeat(500_000);
    for (let number = 0; number < 40; number += 1) reporter.log('line', { number, text });
    const report = await reporter.close();
    expect(report).toMatchObject({ isComplete: false, isProgressCurrent: false, lines: { unconfirmed: 0, cut: 0 } });
    const { dropped, unsent } = report.lines;
    expect(dropped + unsent).toBe(40 + 11);
    expect(unsent).toBe(33); // of a megabyte each, a character counting as two bytes
    expect(report.lastError).toMatch(/^(?:POST logs\/|PATCH jobs\/42\/) could not be sent: .*ECONNREFUSED/);
  });

  it('and comes back gets everything, once', async () => {
    const { backend, server } = await startBackend({
      faults: [
        { method: 'POST', path: '/logs/', status: 503, times: 5 },
        { method: 'PATCH', path: '/jobs/42/', status: 503, times: 5 },
      ],
    });
    const clock = new ManualClock();
    const reporter = new JobReporter(backend, 42, { clock });
    await run(reporter);
    clock.advance(2000);
    await expect.poll(() => server.requests.filter(({ path }) => path === '/logs/').length).toBe(4);
    expect(await reporter.close()).toMatchObject({ isComplete: true });
    expect(server.state.logs).toHaveLength(11);
    expect(server.state.updates.at(-1)).toMatchObject({ progress_record: { current_progress: { overall: 100 } } });
  });

  it('and says nothing is waited for only as long as was allowed', async () => {
    const { backend, server } = await startBackend({
      faults: [
        { method: 'POST', path: '/logs/', silent: true, times: 99 },
        { method: 'PATCH', path: '/jobs/42/', silent: true, times: 99 },
      ],
    });
    const reporter = new JobReporter(backend, 42);
    await run(reporter);
    const report = await reporter.close({ timeoutMs: 100 });
    expect(report).toMatchObject({ isComplete: false, isProgressCurrent: false, lines: { unsent: 11 } });
    expect(report.lastError).toBe('the backend did not take the rest within 0.1 s');
    expect(server.state.logs).toEqual([]);
  });
});

it('counts lines whose answer was lost as unconfirmed, and does not send them again', async () => {
  const { backend, server } = await startBackend({ faults: [{ method: 'POST', path: '/logs/', after: true }] });
  const reporter = new JobReporter(backend, 42);
  await run(reporter);
  expect((await reporter.close()).lines).toEqual({ dropped: 0, unsent: 0, unconfirmed: 11, refused: 0, cut: 0 });
  expect(server.state.logs.filter(({ event }) => event === 'counted')).toHaveLength(10);
});

it('sends all other lines when one is refused', async () => {
  const refusal = { method: 'POST', path: '/logs/', status: 400, body: { detail: 'bad line' } };
  // The whole batch of four, its first half, and of that the first line.
  const { backend, server } = await startBackend({ faults: [{ ...refusal, times: 3 }] });
  const reporter = new JobReporter(backend, 42);
  for (const name of ['a', 'b', 'c', 'd']) reporter.log(name);
  expect(await reporter.close()).toMatchObject({
    isComplete: false,
    lines: { refused: 1, unsent: 0 },
    lastError: expect.stringContaining('bad line') as string,
  });
  expect(server.state.logs.map(({ event }) => event).filter((event) => event !== 'joblog_loss')).toEqual([
    'b',
    'c',
    'd',
  ]);
});

it('sends a picture that goes with a line as its content, and says when it cannot', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'a.png'), 'pixels');
  const { backend, server } = await startBackend();
  const reporter = new JobReporter(backend, 42);
  for (const name of ['a.png', 'gone.png']) {
    reporter.logVisualization({ category: 'c', group: 'g', index: 0, image: join(folder, name) });
  }
  expect(await reporter.close()).toMatchObject({ isComplete: false, lines: { cut: 1, unsent: 0 } });
  expect(server.state.logs[0]).toMatchObject({
    file: `data:image/png;base64,${Buffer.from('pixels').toString('base64')}`,
  });
  expect(server.state.logs[1]).toMatchObject({ data: { file_error: expect.stringContaining('ENOENT') as string } });
});

it('cuts data that is too large for a line, and tells what is no JSON', async () => {
  const { backend, server } = await startBackend();
  const reporter = new JobReporter(backend, 42);
  reporter.log('large', { text: 'x'.repeat(2_000_000) });
  reporter.log('long', { text: 'x'.repeat(100_000) });
  reporter.log('strange', { big: 1n });
  const changing = { value: 1 };
  reporter.log('changing', changing);
  changing.value = 2;
  expect(await reporter.close()).toMatchObject({ isComplete: false, lines: { cut: 2, unsent: 0 } });
  expect(server.state.logs.map(({ data }) => data)).toMatchObject([
    { truncated: true, characters: 2_000_011 },
    { text: 'x'.repeat(100_000) },
    { unserialisable: expect.stringContaining('BigInt') as string, keys: ['big'] },
    { value: 1 },
  ]);
});

it('sends large files of lines in requests of their own, so that a batch stays small', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'reporter-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'picture.png');
  await writeFile(file, Buffer.alloc(5 * 2 ** 20));
  const sizes: number[] = [];
  const { backend } = await startBackend();
  const logs = {
    create: async (lines: readonly unknown[]) => {
      sizes.push(lines.length);
      await Promise.resolve();
    },
  } as unknown as JobBackend['logs'];
  const client = new BackendJobClient({ jobs: backend.jobs, logs });
  const line = { event: 'picture', data: {}, datetime: '2026-01-01T00:00:00Z', job: '42', level: 'info' as const };
  await client.createLogs([line, { ...line, file }, { ...line, file }, { ...line, file }, line]);
  expect(sizes).toEqual([3, 2]);
});
