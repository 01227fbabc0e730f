import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { MIB } from '../../../../test-fixtures/memory/peak-memory.js';
import { freePort, startBackend } from '../../test/start-backend.js';
import { BackendClient } from '../backend-client.js';
import { JobReporter } from './job-reporter.js';

describe('a reporter', () => {
  it.each([
    ['a hundred thousand lines', 100_000, 20],
    ['lines of half a megabyte', 100, 500_000],
  ])('loses nothing of %s that are said at once while the backend is there', async (_, count, length) => {
    const { backend, server } = await startBackend();
    const reporter = new JobReporter(backend, 42);
    const text = 'x'.repeat(length);
    for (let number = 0; number < count; number += 1) reporter.log('line', { number, text });
    expect(await reporter.close()).toMatchObject({ isComplete: true });
    const told = server.state.logs.map(({ data }) => (data as { number: number }).number);
    expect(told).toEqual(Array.from({ length: count }, (__, number) => number));
  });

  it('closes only when all has gone out, however long a backend takes that goes on taking', async () => {
    const { backend, server } = await startBackend();
    const logs = {
      create: async (...call: Parameters<BackendClient['logs']['create']>) => {
        await wait(60);
        await backend.logs.create(...call);
      },
    } as BackendClient['logs'];
    const reporter = new JobReporter({ jobs: backend.jobs, logs }, 42);
    const text = 'x'.repeat(200_000);
    for (let number = 0; number < 100; number += 1) reporter.log('line', { number, text });
    expect(await reporter.close({ timeoutMs: 500 })).toMatchObject({ isComplete: true });
    expect(server.state.logs).toHaveLength(100);
    expect(server.requests.length).toBeGreaterThan(10);
  });

  it('needs little memory for a backend that is away, however much is said', async () => {
    const backend = new BackendClient({ host: `http://127.0.0.1:${await freePort()}`, retryDelayMs: 1 });
    const reporter = new JobReporter(backend, 42);
    const before = process.memoryUsage().heapUsed;
    const text = 'y'.repeat(30_000);
    let peak = 0;
    for (let number = 0; number < 20_000; number += 1) {
      reporter.log('line', { text: text + number });
      if (number % 200 > 0) continue;
      await turn();
      peak = Math.max(peak, process.memoryUsage().heapUsed - before);
    }
    const { lines, isComplete } = await reporter.close({ timeoutMs: 500 });
    expect(isComplete).toBe(false);
    expect(lines.dropped + lines.unsent).toBe(20_000);
    expect((lines.unsent * 2 * 30_000) / MIB).toBeLessThanOrEqual(32);
    expect(peak / MIB).toBeLessThan(200); // what waits, and what nobody has collected yet; all of it is 600 MB
  });
});
