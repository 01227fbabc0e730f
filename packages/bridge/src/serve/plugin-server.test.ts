import { setImmediate as settle } from 'node:timers/promises';
import { type BaseStep, BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { FrameWriter } from '../framing/frame-writer.js';
import { PluginServer } from './plugin-server.js';

type Message = Readonly<Record<string, unknown>>;

const LIMITS = { maxFrameBytes: 1_000_000, maxDepth: 64, maxQueuedBytes: 1_000_000 };
const CALL = {
  run_id: 'r',
  params: {},
  step_params: {},
  context: { rev: 1, full: {} },
  attempt: 1,
  idempotency_key: 'k',
};

describe('PluginServer', () => {
  it('says which versions it speaks to a host that speaks none of them', async () => {
    const { server, said } = serve([]);
    const host = { protocol_versions: [7], host: { name: 'h', version: '1' }, session: 's', work_dir: '/' };
    const limits = { max_frame_bytes: 1_000_000, max_depth: 64, inline_bytes: 1_000_000 };
    server.onRequest({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { ...host, limits } });
    await settle();
    expect(said).toMatchObject([{ id: 1, error: { code: 1011, data: { kind: 'version_mismatch', supported: [1] } } }]);
  });

  it.each<[how: string, end: (reason: Error) => Error, cause: readonly object[]]>([
    ['lets the cancel through', (reason) => reason, []],
    ['lets an aborted timer through', () => Object.assign(new Error('aborted'), { name: 'AbortError' }), []],
    [
      'throws something of its own',
      () => new Error('result: the disk is full'),
      [{ message: 'result: the disk is full' }],
    ],
  ])('a cancelled step that %s is answered as cancelled, with the reason of the host', async (_how, end, cause) => {
    const answer = await cancelled((context) => {
      Object.assign(context, { half: true });
      return new Promise((_resolve, reject) => {
        context.signal.addEventListener('abort', () => reject(end(context.signal.reason as Error)));
      });
    });
    expect(answer).toMatchObject({
      error: {
        code: 1003,
        message: 'enough',
        data: { kind: 'cancelled', cause, patch: [{ op: 'add', path: '/half', value: true }] },
      },
    });
    expect(answer['result']).toBeUndefined();
  });

  it('a cancelled step that comes to its end all the same is answered with its result', async () => {
    const answer = await cancelled(
      (context) =>
        new Promise((resolve) =>
          context.signal.addEventListener('abort', () => resolve(StepResult.ok({ data: { n: 1 } }))),
        ),
    );
    expect(answer).toMatchObject({ id: 1, result: { success: true, data: { n: 1 } } });
  });
});

/** The answer to the execute of a step that is cancelled once it runs. */
async function cancelled(execute: (context: BaseStepContext) => Promise<StepResult>): Promise<Message> {
  const { server, said } = serve([defineStep({ name: 'work', progressWeight: 1, execute })]);
  server.onRequest({ jsonrpc: '2.0', id: 1, method: 'execute', params: { ...CALL, step: 'work' } });
  await settle();
  server.onNotification({ jsonrpc: '2.0', method: 'cancel', params: { id: 1, reason: 'enough', grace_ms: 5000 } });
  await server.finish();
  expect(said).toHaveLength(1);
  return said[0] ?? {};
}

function serve(steps: readonly BaseStep[]): { readonly server: PluginServer; readonly said: Message[] } {
  const said: Message[] = [];
  const write = (text: string): boolean => said.push(JSON.parse(text) as Message) > 0;
  const hears = { onInitialize: () => undefined, onCall: () => undefined };
  const offer = { steps, contextClass: BaseStepContext, name: 'test', version: '1', ...hears };
  return { server: new PluginServer(offer, new FrameWriter({ writableLength: 0, write }, LIMITS)), said };
}
