import { describe, expect, it } from 'vitest';
import { FrameReader } from '../../src/framing/frame-reader.js';
import type { PluginSession } from '../../src/index.js';
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
  ])('F-33: 10^5 progress and log frames of %s are coalesced and do not delay the answer', async (_title, file) => {
    const { session } = await openFixture(file);
    let fastest = Infinity;
    for (let round = 0; round < 3 && fastest > MOST_MS; round += 1) {
      const { delay, progress, grown } = await burst(session);
      fastest = Math.min(fastest, delay);
      expect(progress.length).toBeLessThan(5000);
      expect(progress.at(-1)).toBe(100_000);
      expect(grown).toBeLessThan(256); // the run itself keeps every log line
      if (file === SERVED_FAULTS) return; // a Node step that never lets go of its event loop holds up its own frames
    }
    expect(fastest).toBeLessThanOrEqual(MOST_MS);
  });

  it('F-33: progress that goes backwards harms nobody', async () => {
    const { session } = await openFixture('faults/bursts.mjs');
    const { report } = await runSteps(session, ['backwards'], { stepParams: { count: 1000 } });
    expect(report.status).toBe('succeeded');
  });
});

/** The longest that an answer may take to be heard behind a burst. */
const MOST_MS = 100;

async function burst(session: PluginSession) {
  let delay = Infinity;
  const progress: number[] = [];
  const grown = await peakMemoryOf(async () => {
    const { report } = await runSteps(session, ['burst'], {
      stepParams: { count: 100_000 },
      onEvent: (event) => {
        if (event.type === 'step-progress') progress.push(event.current);
        if (event.type === 'step-end') delay = Date.now() - Number((event.data ?? {})['answered_at']);
      },
    });
    expect(report.status).toBe('succeeded');
  });
  return { delay, progress, grown };
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
