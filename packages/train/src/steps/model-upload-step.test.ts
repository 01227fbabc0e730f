import { readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import { defineStep, Orchestrator, RuntimeContext, StepResult } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { folderOf, runTraining, startTestBackend } from '../../test/train-run.js';
import { BaseTrainAction } from '../base-train-action.js';
import type { TrainContext } from '../train-context.js';
import { LocalDatasetStep } from './local-dataset-step.js';

const failing = defineStep<TrainContext>({ name: 'publish', execute: () => StepResult.fail('no') });
const JOB = {
  jobs: { 42: { id: 42, plugin_release: 9 } },
  plugin_releases: { 9: { id: 9, version: '1.2.0', plugin: { id: 3, code: 'my-trainer' } } },
};

/** An action that has trained already: what it would have made is at `weightsPath`. */
function trained(weightsPath: string) {
  return class extends BaseTrainAction {
    override setupSteps(...[registry]: Parameters<BaseTrainAction['setupSteps']>) {
      super.setupSteps(registry);
      if (registry.has('dataset')) registry.unregister('dataset');
      registry.replace(
        'train',
        defineStep<TrainContext>({
          name: 'train',
          execute: (context) => {
            context.modelPath = weightsPath;
            return StepResult.ok();
          },
        }),
      );
    }
  };
}

const params = { dataset: 11, name: 'model-a', description: 'd', hyperparameters: [{ lr: 0.1 }], checkpoint: 8 };

describe('what was trained', () => {
  it('is packed, sent in chunks and registered, with its plugin, its origin and its hyperparameters', async () => {
    const root = await folderOf({ 'weights/best.txt': 'w', 'weights/logs/loss.csv': '1,2' });
    const { server, client, paths } = await startTestBackend({ state: JOB });
    const run = await runTraining(trained(join(root, 'weights')), params, { client, jobId: '42' });
    expect(run.result).toMatchObject({ success: true, modelId: 701 });
    expect(paths()).toEqual([
      'GET /jobs/42/ 200',
      'GET /plugin_releases/9/ 200',
      'PUT /chunked_upload/ 200',
      'POST /chunked_upload/301/ 200',
      'POST /models/ 201',
    ]);
    expect(server.state.created.models).toEqual([
      {
        id: 701,
        name: expect.stringMatching(/^model-a_[0-9a-f]{8}$/) as string,
        plugin: 'my-trainer',
        version: '1.2.0',
        checkpoint: 8,
        chunked_upload: 301,
        configuration: { hyperparameter: { lr: 0.1 } },
        description: 'd',
      },
    ]);
    expect(run.said).toEqual([
      'model_upload: TRAIN_MODEL_SAVED',
      'model_upload: Model registered: 701',
      'model_upload: TRAIN_MODEL_UPLOADED',
    ]);
  });

  it('may be one file', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client } = await startTestBackend();
    const run = await runTraining(trained('best.txt'), { dataset: 11 }, { client, workDir: root });
    expect(run.report.success).toBe(true);
    expect(server.state.created.models).toMatchObject([{ name: expect.stringMatching(/^train_/) as string }]);
  });

  it('is registered without a plugin where the job does not tell one, and the log says why', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client } = await startTestBackend();
    const run = await runTraining(trained(join(root, 'best.txt')), { dataset: 11 }, { client, jobId: '42' });
    expect(run.said[1]).toBe('model_upload: plugin_release_unknown');
    expect(server.state.created.models).toHaveLength(1);
  });

  it('stays where it is when there is no backend', async () => {
    const run = await runTraining(trained('/some/weights'), { dataset: 11 });
    expect(run.report.steps.at(-1)).toMatchObject({
      status: 'skipped',
      skipReason: 'There is no backend; what was trained stays in /some/weights',
    });
  });

  it.each([
    ['is not there', 'none'],
    ['is empty', 'empty'],
  ])('fails the training when it %s', async (text, name) => {
    const root = await folderOf({ 'empty/': '' });
    const { client, paths } = await startTestBackend();
    const run = await runTraining(trained(join(root, name)), { dataset: 11 }, { client });
    expect(run.report.error?.message).toContain(text);
    expect(run.said).toEqual(['model_upload: TRAIN_FAILED_MODEL_REGISTER']);
    expect(paths()).toEqual([]);
  });

  it('is not sent when a link in it leads out of its folder', async () => {
    const root = await folderOf({ 'weights/best.txt': 'w', 'secret.txt': 's' });
    await symlink(join(root, 'secret.txt'), join(root, 'weights/more.txt'));
    const { client, paths } = await startTestBackend();
    const run = await runTraining(trained(join(root, 'weights')), { dataset: 11 }, { client });
    expect(run.report.error?.message).toContain('more.txt is a link that leads out of the folder');
    expect(paths()).toEqual([]);
  });
});

describe('a model of a training that fails', () => {
  it('is deleted, and what of it the backend keeps is named', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client, paths } = await startTestBackend();
    const action = trained(join(root, 'best.txt'));
    const run = await runTraining(action, { dataset: 11 }, { client, more: [failing] });
    expect(server.state.created.models).toEqual([]);
    expect(paths().slice(-3)).toEqual([
      'DELETE /v2/models/701/ 204',
      'DELETE /v2/chunked-uploads/301/ 404', // which may mean that it is gone, or that nobody deletes such things
      'GET /chunked_upload/301/ 200',
    ]);
    expect(undoOf(run)).toMatchObject({
      outcome: 'irreversible',
      leftBehind: [
        expect.stringMatching(
          /^what was sent of model\.zip \(\d+ bytes\), as chunked upload 301, which this backend does not/,
        ) as string,
      ],
    });
  });

  it('is never made when the backend refuses it, and the message says so', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client, paths } = await startTestBackend({
      faults: [{ method: 'POST', path: '/models/', times: 9, status: 409, body: { name: ['exists'] } }],
    });
    const run = await runTraining(trained(join(root, 'best.txt')), { dataset: 11 }, { client });
    expect(run.report.error?.message).toMatch(/^POST models\/ was refused with 409/);
    expect(run.said.at(-1)).toBe('model_upload: TRAIN_FAILED_MODEL_REGISTER');
    expect(paths().filter((path) => path.startsWith('POST /models/'))).toHaveLength(1);
    expect(server.left()).toEqual({});
    expect(undoOf(run)?.leftBehind).toEqual([expect.stringContaining('chunked upload 301')]);
  });

  it.each([
    ['was stored', true, 1],
    ['was not stored', false, 2],
  ])('is looked up, and not made twice, when it %s and its answer was lost', async (_, after, posts) => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client, paths } = await startTestBackend({ faults: [{ method: 'POST', path: '/models/', after }] });
    const run = await runTraining(trained(join(root, 'best.txt')), { dataset: 11 }, { client });
    expect(run.report.success).toBe(true);
    expect(server.state.created.models).toHaveLength(1);
    expect(paths().filter((path) => path.startsWith('POST /models/'))).toHaveLength(posts);
  });

  it('is found and deleted by the undo when nobody could tell whether it was made', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client } = await startTestBackend({
      faults: [
        { method: 'POST', path: '/models/', after: true },
        { method: 'GET', path: '/models/', status: 500, times: 1 },
      ],
    });
    const run = await runTraining(trained(join(root, 'best.txt')), { dataset: 11 }, { client });
    expect(run.report.steps.at(-1)).toMatchObject({ status: 'unknown' });
    expect(server.state.created.models).toEqual([]);
  });

  it('is deleted when the run is cancelled while it is asked for', async () => {
    const root = await folderOf({ 'best.txt': 'w' });
    const { server, client } = await startTestBackend({
      faults: [{ method: 'POST', path: '/models/', after: true, silent: true }],
    });
    const action = trained(join(root, 'best.txt'));
    const { registry, context } = await new action({ dataset: 11 }, new RuntimeContext({ client })).prepare();
    const orchestrator = new Orchestrator(registry, context);
    await Promise.all([
      expect(orchestrator.execute()).rejects.toMatchObject({ code: 'run_cancelled' }),
      vi.waitUntil(() => server.state.created.models.length > 0, 5000).then(() => orchestrator.cancel('enough')),
    ]);
    expect(server.state.created.models).toEqual([]);
  });

  it('leaves no archive behind', async () => {
    const root = await folderOf({ 'best.txt': 'w', 'temporary/': '' });
    vi.stubEnv('TMPDIR', join(root, 'temporary'));
    onTestFinished(() => void vi.unstubAllEnvs());
    const { client } = await startTestBackend({ faults: [{ method: 'PUT', path: '/chunked_upload/', status: 400 }] });
    const run = await runTraining(trained(join(root, 'best.txt')), { dataset: 11 }, { client });
    expect(undoOf(run)).toMatchObject({ outcome: 'undone' });
    expect(await readdir(join(root, 'temporary'))).toEqual([]);
  });
});

describe('a model that the trainer makes itself', () => {
  function making(fields: object) {
    return class extends trained('') {
      override setupSteps(...[registry]: Parameters<BaseTrainAction['setupSteps']>) {
        super.setupSteps(registry);
        registry.replace('train', this.trainStep());
        registry.insertBefore('train', new LocalDatasetStep({ path: '.' }));
      }

      override async execute(_dataPath: string, _checkpoint: unknown, context: TrainContext) {
        return { model: await context.createModel('best.bin', fields as { name: string }) };
      }
    };
  }

  it('is sent as it is, and deleted when a later step fails', async () => {
    const workDir = await folderOf({ 'best.bin': 'weights' });
    const { server, client } = await startTestBackend();
    const action = making({ name: 'm1', description: 'd' });
    const run = await runTraining(action, { dataset: 11 }, { client, workDir });
    expect(run.result?.value).toMatchObject({ model: { id: 701 } });
    const made = { id: 701, name: 'm1', chunked_upload: 301, description: 'd' };
    expect(server.state.created.models).toEqual([made]);
    const failed = await runTraining(action, { dataset: 11 }, { client, workDir, more: [failing] });
    expect(failed.report.success).toBe(false);
    expect(server.state.created.models).toEqual([made]);
  });

  it('is refused before anything is sent when it has fields that no model has', async () => {
    const workDir = await folderOf({ 'best.bin': 'weights' });
    const { client, paths } = await startTestBackend();
    const run = await runTraining(making({ name: 'm1', tags: ['x'] }), { dataset: 11 }, { client, workDir });
    expect(run.report.error?.message).toContain('Unrecognized key: "tags"');
    expect(paths()).toEqual([]);
  });

  it('is not confused with another of its name when nobody could tell whether it was made', async () => {
    const workDir = await folderOf({ 'best.bin': 'weights' });
    const { server, client } = await startTestBackend({
      faults: [{ method: 'POST', path: '/models/', nth: 2, after: true }],
    });
    await client.models.create({ name: 'm1' });
    const run = await runTraining(making({ name: 'm1' }), { dataset: 11 }, { client, workDir });
    expect(run.report.success).toBe(false);
    expect(server.state.created.models).toEqual([{ id: 701, name: 'm1' }]);
  });
});

function undoOf({ report }: { readonly report: Awaited<ReturnType<typeof runTraining>>['report'] }) {
  return report.rollback?.steps.find(({ name }) => name === 'model_upload');
}
