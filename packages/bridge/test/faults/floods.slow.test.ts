import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/framing/frame-reader.js';
import type { PluginSession } from '../../src/index.js';
import { median } from '../median.js';
import { openFixture, SERVED_FAULTS } from '../open-fixture.js';
import { peakMemoryOf } from '../peak-memory.js';
import { runSteps } from '../run-steps.js';

const MIB = 1024 * 1024;

describe('a flood on stderr that nobody listens to', () => {
  it.each([
    ['in lines', true],
    ['without a line end', false],
  ])('F-12: 5 MB and 200 MB %s leave the call alone, and memory flat', async (_title, line) => {
    const { session } = await openFixture('faults/floods.mjs', { onLog: () => undefined });
    await flood(session, { fd: 2, bytes: 5 * MIB, line });
    const grown = await peakMemoryOf(() => flood(session, { fd: 2, bytes: 200 * MIB, line }));
    expect(grown).toBeLessThan(64);
  });

  it('F-12: 4 MB are shown to the last line, many lines at a time', async () => {
    const { session, log } = await openFixture('faults/floods.mjs');
    const { events } = await runSteps(session, ['flood'], { stepParams: { fd: 2, bytes: 4 * MIB, line: true } });
    const texts = events.flatMap((event) => (event.type === 'step-log' ? [event.message ?? ''] : []));
    await session.close(); // what was printed last may come behind the answer, and belongs to no call then
    const late = log.filter(({ source }) => source === 'stderr').map(({ message }) => message);
    const lines = [...texts, ...late].flatMap((text) => text.split('\n'));
    expect(lines.filter((line) => line === 'x'.repeat(63))).toHaveLength((4 * MIB) / 64);
    expect(texts.length).toBeLessThan(5000);
  });

  it('F-12: 5 MB of a Python step do the same', async () => {
    const { session } = await openFixture('faults/writes-in-c.py', { onLog: () => undefined });
    const write = async (bytes: number) => {
      const params = { ...CALL, step: 'write', step_params: { bytes } };
      await session.call({ method: 'execute', step: 'write', params });
    };
    await write(MIB);
    expect(await peakMemoryOf(() => write(5 * MIB))).toBeLessThan(64);
  });
});

describe('a flood on stdout', () => {
  it('F-13: a gigabyte without a line end ends its plugin, though it ignores SIGTERM, and memory stays flat', async () => {
    const { session } = await openFixture('faults/floods.mjs', { onLog: () => undefined });
    const call = () => flood(session, { fd: 1, bytes: 1024 * MIB, line: false });
    const grown = await peakMemoryOf(() => expect(call()).rejects.toMatchObject({ code: 'frame_too_large' }));
    expect(grown).toBeLessThan(64);
  });

  it('F-13: in lines that are no messages it ends its plugin as well', async () => {
    const { session } = await openFixture('faults/floods.mjs', { onLog: () => undefined });
    const call = () => flood(session, { fd: 1, bytes: 1024 * MIB, line: true });
    const grown = await peakMemoryOf(() => expect(call()).rejects.toMatchObject({ code: 'malformed_flood' }));
    expect(grown).toBeLessThan(64);
  });

  it('F-13: a reader that gets a whole gigabyte without a line end keeps none of it, and reads on behind it', async () => {
    const frames: unknown[] = [];
    const complaints: Buffer[] = [];
    const reader = readerInto(frames, complaints);
    const grown = await peakMemoryOf(async () => {
      for (let sent = 0; sent < 1024; sent += 1) {
        reader.push(Buffer.alloc(MIB, 'x'));
        await new Promise(setImmediate);
      }
    });
    reader.push(Buffer.from('\n{"jsonrpc":"2.0","id":1,"result":{}}\n'));
    expect(frames).toEqual([{ jsonrpc: '2.0', id: 1, result: {} }]);
    expect(complaints.map(({ length }) => length)).toEqual([1024]);
    expect(grown).toBeLessThan(128);
  });
});

describe('a frame that drips in', () => {
  it('F-15: in four million pieces takes a few times its own size, not that of its pieces', async () => {
    const frames: unknown[] = [];
    const reader = readerInto(frames);
    const grown = await peakMemoryOf(async () => {
      reader.push(Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"text":"'));
      for (let sent = 0; sent < 4_000_000; sent += 1) {
        reader.push(Buffer.alloc(1, 'x'));
        if (sent % 10_000 === 0) await new Promise(setImmediate); // time to look at the memory, and to collect it
      }
      reader.push(Buffer.from('"}}\n'));
    });
    expect(frames).toHaveLength(1);
    expect(grown).toBeLessThan(256);
  });
});

describe('a burst of notifications', () => {
  it.each([
    ['a raw plugin', 'faults/bursts.mjs'],
    ['the Python SDK', 'faults/bursts.py'],
    ['the Node SDK', SERVED_FAULTS],
  ])('F-33: 10^5 progress and log frames of %s are thinned out and do not delay the answer', async (_title, file) => {
    const { session } = await openFixture(file);
    const { progress, logs } = await quickBurst(session, 'burst');
    expect(progress.length).toBeLessThan(5000);
    expect(progress.at(-1)).toBe(100_000);
    expect(logs.shown + logs.dropped).toBe(50_000);
  });

  it('F-33: of 10^5 log frames some come through, and the others are counted', async () => {
    const { session } = await openFixture('faults/bursts.mjs');
    const { logs } = await quickBurst(session, 'logs');
    expect(logs.shown).toBeGreaterThanOrEqual(5000);
    expect(logs.shown + logs.dropped).toBe(100_000);
  });

  it('F-33: of 10^5 metrics and log frames every single metric comes through', async () => {
    const { session } = await openFixture('faults/bursts.mjs');
    const { metrics, logs } = await quickBurst(session, 'measures');
    expect(metrics).toEqual(Array.from({ length: 50_000 }, (_metric, index) => 2 * (index + 1)));
    expect(logs.shown + logs.dropped).toBe(50_000);
  });

  it('F-33: progress that goes backwards harms nobody', async () => {
    const { session } = await openFixture('faults/bursts.mjs');
    const { report } = await runSteps(session, ['backwards'], { stepParams: { count: 1000 } });
    expect(report.status).toBe('succeeded');
  });
});

/** The longest that an answer may take to be heard behind a burst. */
const MOST_MS = 100;
/** The most memory that a burst may take, in MiB, beside the events that the test keeps itself. */
const MOST_MIB = 64;

/**
 * Several bursts, of which the middle one must keep the promise, beside what an answer without a burst takes on this machine
 * at this time. What is heard is that of the last one.
 */
async function quickBurst(session: PluginSession, step: string) {
  const lone: number[] = [];
  const bursts: Awaited<ReturnType<typeof burst>>[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    lone.push((await burst(session, step, 2)).delay);
    bursts.push(await burst(session, step));
  }
  expect(median(bursts.map(({ delay }) => delay)) - median(lone)).toBeLessThanOrEqual(MOST_MS);
  expect(median(bursts.map(({ grown }) => grown))).toBeLessThanOrEqual(MOST_MIB);
  return bursts.at(-1) ?? Promise.reject(new Error('no burst'));
}

const ROUNDS = 5;

async function burst(session: PluginSession, step: string, count = 100_000) {
  let delay = Infinity;
  const progress: number[] = [];
  const metrics: unknown[] = [];
  const logs = { shown: 0, dropped: 0 };
  const grown = await peakMemoryOf(async () => {
    const { report } = await runSteps(session, [step], {
      stepParams: { count },
      onEvent: (event) => {
        if (event.type === 'step-progress') progress.push(event.current);
        if (event.type === 'step-metric') metrics.push(event.metrics['at']);
        if (event.type === 'step-log') countLog(logs, event.message ?? '');
        if (event.type === 'step-end') delay = Date.now() - Number((event.data ?? {})['answered_at']);
      },
    });
    expect(report.status).toBe('succeeded');
  });
  return { delay, progress, metrics, logs, grown };
}

function countLog(logs: { shown: number; dropped: number }, message: string): void {
  const missing = /^(\d+) log entr(?:y is|ies are) missing here/.exec(message)?.[1];
  if (missing === undefined) logs.shown += 1;
  else logs.dropped += Number(missing);
}

function readerInto(frames: unknown[], complaints: Buffer[] = []): FrameReader {
  return new FrameReader(
    {
      onFrame: ({ value }) => void frames.push(value),
      onStray: () => undefined,
      onTooLarge: (beginning) => void complaints.push(beginning),
    },
    { maxFrameBytes: 8 * MIB, maxDepth: 64 },
  );
}

const CALL = {
  run_id: 'run',
  params: {},
  context: { rev: 1, full: {} },
  attempt: 1,
  idempotency_key: 'run/flood/1/execute',
};

async function flood(session: PluginSession, stepParams: Record<string, unknown>): Promise<void> {
  const params = { ...CALL, step: 'flood', step_params: stepParams };
  await session.call({ method: 'execute', step: 'flood', params });
}
