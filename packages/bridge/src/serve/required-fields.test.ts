import { setImmediate as settle } from 'node:timers/promises';
import { type BaseStep, BaseStepContext, defineStep, StepResult } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { goldenRemovals, REQUIRED_FIELDS } from '../../test/golden-removals.js';
import { FrameWriter } from '../framing/frame-writer.js';
import { REQUESTS, type RequestMethod } from '../protocol/methods.js';
import { PluginServer } from './plugin-server.js';

const removals = goldenRemovals();

describe('a request of the host without one of its members', () => {
  it('does not fit its schema just where the table that all runtimes share says so', () => {
    const refused: Record<string, string[]> = {};
    for (const { title, method, pointer, params } of removals) {
      const { success } = REQUESTS[method as RequestMethod].params.safeParse(params);
      if (!success) (refused[title] ??= []).push(pointer);
    }
    expect(refused).toEqual(REQUIRED_FIELDS);
  });

  it.each(removals.filter(({ title, method, pointer }) => method !== 'shutdown' && isRequired(title, pointer)))(
    'is refused by the Node SDK, and no step runs: $title without $pointer',
    async ({ method, params }) => {
      const { server, said, ran } = serve();
      server.onRequest({ jsonrpc: '2.0', id: 1, method, params });
      await settle();
      expect(said).toMatchObject([{ id: 1, error: { code: -32602, data: { kind: 'invalid_message' } } }]);
      expect(ran).toEqual([]);
    },
  );
});

function isRequired(title: string, pointer: string): boolean {
  return REQUIRED_FIELDS[title]?.includes(pointer) ?? false;
}

function serve() {
  const said: unknown[] = [];
  const ran: string[] = [];
  const write = (text: string): boolean => said.push(JSON.parse(text)) > 0;
  const hears = { onInitialize: () => undefined, onCall: () => undefined };
  const steps = ['train', 'evaluate'].map((name) => recording(name, ran));
  const offer = { steps, contextClass: BaseStepContext, name: 'test', version: '1', ...hears };
  const limits = { maxFrameBytes: 1_000_000, maxDepth: 64, maxQueuedBytes: 1_000_000 };
  return { server: new PluginServer(offer, new FrameWriter({ writableLength: 0, write }, limits)), said, ran };
}

function recording(name: string, ran: string[]): BaseStep {
  return defineStep({
    name,
    progressWeight: 1,
    canSkip: () => ran.push(name) < 0,
    execute: () => {
      ran.push(name);
      return StepResult.ok();
    },
    rollback: () => void ran.push(name),
  });
}
