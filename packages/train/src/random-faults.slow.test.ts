import { join } from 'node:path';

import { BackendClient } from '@synapse-steps/backend';
import { defineStep, RuntimeContext, StepResult } from '@synapse-steps/core';
import { recordRun, type RecordedRun } from '@synapse-steps/core/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { FakeBackend } from '../../../test-fixtures/backend/fake-backend.js';
import type { Fault } from '../../../test-fixtures/backend/fault.js';
import { folderOf } from '../test/train-run.js';
import { ModelUploadStep } from './steps/model-upload-step.js';
import { TrainContext } from './train-context.js';

/** Where and how often; not a 500 after the work was done, which nobody can tell from a 500 before it. */
const faults: fc.Arbitrary<Fault[]> = fc.array(
  fc
    .record({
      method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
      path: fc.constantFrom('*', '/models/', '/models/', '/chunked_upload/', '/chunked_upload/*/', '/v2/models/*'),
      nth: fc.integer({ min: 1, max: 3 }),
      times: fc.constantFrom(1, 1, 2, 5, 40),
      how: fc.constantFrom<Partial<Fault>>(
        { status: 0 },
        { status: 0, after: true },
        { early: true },
        { truncated: true, after: true },
        { status: 504, after: true },
        { status: 502 },
        { status: 500 },
        { status: 429 },
        { status: 400 },
        { status: 405 },
        { status: 200, html: '<html>', after: true },
      ),
    })
    .map(({ how, ...where }) => ({ ...where, ...how })),
  { maxLength: 5 },
);

const fails = defineStep<TrainContext>({ name: 'mine', execute: () => StepResult.fail('mine is broken') });

/** By its own name, and by one that a stranger's model has, too. */
const makers = {
  model_upload: () => new ModelUploadStep(),
  create_model: () =>
    defineStep<TrainContext>({
      name: 'model_upload',
      execute: async (context) => {
        context.model = await context.createModel(context.modelPath ?? '', { name: 'stranger' });
        return StepResult.ok();
      },
      rollback: (context, result) => context.deleteModels(result),
    }),
};

interface Outcome {
  readonly run: RecordedRun;
  readonly context: TrainContext;
  /** Ids of the models that are there, without that of the stranger. */
  readonly models: readonly unknown[];
}

async function register(
  modelPath: string,
  {
    maker,
    faultList,
    more,
  }: { maker: keyof typeof makers; faultList: readonly Fault[]; more: readonly (typeof fails)[] },
): Promise<Outcome> {
  const server = await FakeBackend.start();
  try {
    const client = new BackendClient({ host: server.url, token: 'token', retryDelayMs: 0.01, retries: 2 });
    const stranger = await client.models.create({ name: 'stranger' });
    server.faults.add(...faultList);
    const context = new TrainContext(new RuntimeContext({ client, params: { dataset: 11, name: 'mine' } }));
    context.modelPath = modelPath;
    const run = await recordRun([makers[maker](), ...more], context);
    const left = server.state.created.models.map(({ id }) => id);
    expect(left, 'the model of a stranger').toContain(stranger.id);
    return { run, context, models: left.filter((id) => id !== stranger.id) };
  } finally {
    await server[Symbol.asyncDispose]();
  }
}

const maker = fc.constantFrom('model_upload' as const, 'create_model' as const);

describe('whatever goes wrong, and however often', () => {
  it('a model is registered once, or the run fails and what is left of it is named', async () => {
    const path = join(await folderOf({ 'best.bin': 'weights' }), 'best.bin');
    await fc.assert(
      fc.asyncProperty(maker, faults, fc.boolean(), async (made, faultList, isBroken) => {
        expectExact(await register(path, { maker: made, faultList, more: isBroken ? [fails] : [] }));
      }),
      { numRuns: 120 },
    );
  });
});

function expectExact({ run, context, models }: Outcome): void {
  const undo = run.report.rollback?.steps.find(({ name }) => name === 'model_upload');
  const named = undo?.leftBehind.filter((text) => /^(?:a )?model/.test(text)) ?? [];
  if (run.report.success) expect(models).toEqual([context.model?.id]);
  else if (undo?.outcome === 'failed')
    expect(undo.error?.message).toMatch(/^Could not be removed .*'(?:mine|stranger)/);
  else if (undo?.outcome === 'irreversible') expect(named.length).toBeGreaterThanOrEqual(models.length);
  else expect(models).toEqual([]);
}
