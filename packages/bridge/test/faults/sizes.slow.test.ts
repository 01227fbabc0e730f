import type { JsonObject } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/framing/encode-frame.js';
import type { PluginSession } from '../../src/index.js';
import { pythonRuntimeFolder } from '../../src/python/runtime-folder.js';
import { fixturePath, openFixture, SERVED_FAULTS, TYPESCRIPT } from '../open-fixture.js';
import { peakMemoryOf } from '../peak-memory.js';
import { RawHost } from '../raw-host.js';
import { runSteps } from '../run-steps.js';

const KIB = 1024;
const MIB = 1024 * KIB;
const LIMIT = 8 * MIB;
/** With files there is no message as large as this. */
const IN_FRAMES = { limits: { maxFileBytes: 0 } };
const SIZES = [64 * KIB - 1, 64 * KIB, 64 * KIB + 1, MIB, LIMIT - 1, LIMIT];

describe.each([
  ['a raw plugin', 'sizes.mjs', undefined],
  ['the Python SDK', 'faults/sizes.py', ['python3', pythonRuntimeFolder(), fixturePath('faults/sizes.py')]],
  ['the Node SDK', SERVED_FAULTS, [process.execPath, ...TYPESCRIPT, SERVED_FAULTS]],
])('frames to and from %s', (_title, file, command) => {
  it.each(SIZES)('F-14: one of exactly %i bytes arrives there', async (bytes) => {
    const { session } = await openFixture(file, IN_FRAMES);
    const { sent, answer } = measure(session, bytes);
    expect(sent).toBe(bytes);
    await expect(answer).resolves.toMatchObject({ success: true });
  });

  it('F-14: one byte more than allowed is not sent, and the plugin lives on', async () => {
    const { session } = await openFixture(file, IN_FRAMES);
    const { answer } = measure(session, LIMIT + 1);
    await expect(answer).rejects.toMatchObject({ code: 'frame_too_large', outcomeUnknown: false });
    await expect(measure(session, KIB).answer).resolves.toMatchObject({ success: true });
  });

  it.each(SIZES)('F-14: one of exactly %i bytes arrives here', async (bytes) => {
    const { session } = await openFixture(file, IN_FRAMES);
    const { report } = await runSteps(session, ['fill'], { stepParams: await paramsFor(command, bytes) });
    const { text } = (report.steps[0]?.data ?? { text: '' }) as { text: string };
    expect(text.length).toBeGreaterThan(bytes - 400);
    expect(/^x+$/.test(text)).toBe(true);
  });

  it('F-14: one byte more than allowed is a typed error here, and memory stays bounded', async () => {
    const { session } = await openFixture(file, IN_FRAMES);
    const { pid } = session;
    const stepParams = await paramsFor(command, LIMIT + 1);
    const grown = await peakMemoryOf(async () => {
      const { error, context } = await runSteps(session, ['fill'], { stepParams });
      if (command === undefined) {
        expect(error?.cause).toMatchObject({ code: 'frame_too_large', outcomeUnknown: true });
        return;
      }
      // an SDK notices before it writes: its undo data are there, and the plugin lives
      expect(error?.message).toContain('bytes');
      expect(context['undone']).toEqual({ kept: 1 });
      expect(session.pid).toBe(pid);
    });
    expect(grown).toBeLessThan(128);
  });
});

/** Sends a call whose frame takes so many bytes; its id is of one digit, as those of the first calls of a session are. */
function measure(session: PluginSession, bytes: number) {
  const params = (text: string) => ({ ...CALL, step: 'measure', context: { rev: 1, full: { text } } });
  const frame = (text: string) => ({ jsonrpc: '2.0', id: 3, method: 'execute', params: params(text) });
  const size = (text: string) => encodeFrame(frame(text), { maxFrameBytes: 2 * LIMIT, maxDepth: 64 }).length - 1;
  const text = 'x'.repeat(bytes - size(''));
  const answer = session.call({ method: 'execute', step: 'measure', params: params(text) });
  answer.catch(() => undefined); // looked at by whoever asked
  return { sent: size(text), answer };
}

/** What makes a plugin answer with a frame of so many bytes. For an SDK, what surrounds the text is measured first. */
async function paramsFor(command: readonly string[] | undefined, bytes: number): Promise<JsonObject> {
  if (command === undefined) return { bytes };
  const host = new RawHost(command);
  host.execute(3, 'fill', { stepParams: { length: 0 } });
  await host.answer(3);
  await host.end();
  return { length: bytes - (host.lines[0] ?? '').length };
}

const CALL = { run_id: 'run', params: {}, step_params: {}, attempt: 1, idempotency_key: 'run/size/1/execute' };
