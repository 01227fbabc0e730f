import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  BaseStepContext,
  Orchestrator,
  RetryStep,
  StepRegistry,
  TimeoutStep,
  type BaseStep,
  type JsonObject,
} from '@synapse-steps/core';
import { ManualClock } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';

import { LocalTrainer, logged, runAction, workDir } from '../../test/run-action.js';
import { LocalDatasetStep } from '../steps/local-dataset-step.js';
import type { TrainContext } from '../train-context.js';
import type { ActionPlugin } from './action-plugin.js';
import { entriesOfRun, recordedRuns, recordOfRun } from './plugin-run-record.js';

const TRAINER = new URL('../../test/trainers/trainer.py', import.meta.url);
const DOUBLER = new URL('../../../../test-fixtures/plugins/bash/plugin.sh', import.meta.url);

class WrappedTrainer extends LocalTrainer<JsonObject> {
  constructor(
    dir: string,
    readonly asked: Readonly<Record<string, unknown>>,
    readonly wrap: (step: BaseStep<TrainContext>) => BaseStep<TrainContext> = (step) => step,
  ) {
    super(dir);
  }

  override setupSteps(registry: StepRegistry<TrainContext>): void {
    registry.register(new LocalDatasetStep({ path: 'data' })).register(this.wrap(this.trainStep()));
  }

  override async execute(): Promise<JsonObject> {
    const limits = { cancelGraceMs: 100, terminateMs: 100 };
    const plugin = await this.plugin({ python: TRAINER }, { limits, workers: 2 });
    return plugin.run('train', this.asked);
  }
}

describe('a plugin in an action', () => {
  it('may be in any language', async () => {
    class Doubling extends LocalTrainer<JsonObject> {
      override async execute(_dataPath: string, _checkpoint: unknown, context: TrainContext) {
        Object.assign(context, { value: 21 });
        const plugin = await this.plugin({ command: ['bash', DOUBLER.pathname] });
        return plugin.run('double');
      }
    }
    const { context, error } = await runAction(new Doubling(await workDir()));
    expect(error).toBeUndefined();
    expect(context).toMatchObject({ doubled: 42 });
  });

  it('is undone between two attempts', async () => {
    const dir = await workDir();
    const asked = { at: 2, does: 'fails once', mark: join(dir, 'data', 'mark') };
    const { result, events } = await runAction(
      new WrappedTrainer(dir, asked, (step) => new RetryStep(step, { attempts: 2, delayMs: 0 })),
    );
    expect(result?.value).toMatchObject({ epochs: 2, from: null });
    expect(logged(events, 'undone')).toEqual([{ made: ['1.txt', '2.txt'], status: 'failed', asked: 'fails once' }]);
  });

  it('hears of a time limit around its step', async () => {
    const clock = new ManualClock();
    const { error, events } = await runAction(
      new WrappedTrainer(
        await workDir(),
        { at: 1, does: 'waits' },
        (step) => new TimeoutStep(step, { timeoutMs: 1000 }),
      ),
      { clock, onEvent: (event) => void ('event' in event && event.event === 'waiting' && clock.advance(1000)) },
    );
    expect(error?.cause).toMatchObject({ code: 'step_timeout', cause: { code: 'cancelled' } });
    expect(logged(events, 'undone')).toHaveLength(1);
  });

  it('is not undone beside itself when it ignores a cancel', async () => {
    const dir = await workDir();
    const { report } = await runAction(new WrappedTrainer(dir, { at: 1, does: 'ignores a cancel' }), {
      graceMs: 1,
      undo: { tries: 1 },
      onEvent: (event, orchestrator) => {
        if (event.type === 'step-log' && event.event === 'waiting') orchestrator.cancel('enough');
      },
    });
    expect(report.rollback?.steps[0]).toMatchObject({ name: 'train', outcome: 'undone' });
    expect(await readdir(dir)).toEqual(['data']);
  });

  it('is started again for its undo when it was closed; values of its secrets are never recorded', async () => {
    let used: ActionPlugin | undefined;
    class Closing extends WrappedTrainer {
      override async execute(): Promise<JsonObject> {
        used = await this.plugin({ python: TRAINER }, { secrets: { TOKEN: 'hunter2' } });
        await used.run('train');
        await used.close();
        throw new Error('no use for it');
      }
    }
    const dir = await workDir();
    const { report, journal } = await runAction(new Closing(dir, {}));
    expect(report).toMatchObject({ status: 'rolled-back', rollback: { complete: true } });
    expect(await readdir(dir)).toEqual(['data']);
    expect(JSON.stringify(journal.events)).toContain('"secrets":["TOKEN"]');
    expect(JSON.stringify(journal.events)).not.toContain('hunter2');
  });

  it('can be used twice at a time, and each is undone', async () => {
    class Ensemble extends LocalTrainer {
      override async execute(): Promise<unknown> {
        const plugin = await this.plugin({ python: TRAINER }, { workers: 2 });
        await Promise.all([plugin.run('train', { losses: [1] }), plugin.run('train', { losses: [1, 2] })]);
        throw new Error('no use for it');
      }
    }
    const dir = await workDir();
    const { report, events } = await runAction(new Ensemble(dir));
    expect(report.rollback?.complete).toBe(true);
    const made = logged(events, 'undone').map((data) => (data as { readonly made: unknown }).made);
    expect(made).toEqual([['1.txt', '2.txt'], ['1.txt']]);
  });

  it('is cancelled when the step ends without waiting for it, and undone with it', async () => {
    class Hasty extends LocalTrainer {
      override async execute(): Promise<unknown> {
        const plugin = await this.plugin({ python: TRAINER }, { workers: 2 });
        const long = plugin.run('train', { at: 1, does: 'waits' });
        const short = plugin.run('fit'); // which wants rows
        return Promise.all([long, short]);
      }
    }
    const dir = await workDir();
    const { report } = await runAction(new Hasty(dir));
    expect(report).toMatchObject({
      status: 'rolled-back',
      error: { name: 'KeyError', message: "KeyError: 'rows'" },
      rollback: { complete: true },
    });
    expect(await readdir(dir)).toEqual(['data']);
  });

  it('has steps that are steps of the action, and undone as such', async () => {
    class Prepared extends LocalTrainer {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        registry.insertBefore(
          'train',
          this.pluginStep({ python: TRAINER }, { step: 'train', name: 'prepare', with: { losses: [1] } }),
        );
      }

      override execute(): unknown {
        throw new Error('no use for it');
      }
    }
    const dir = await workDir();
    const { report, events, context } = await runAction(new Prepared(dir));
    expect(report.steps).toMatchObject([
      { name: 'dataset', status: 'completed' },
      { name: 'prepare', status: 'completed', data: { epochs: 1 } },
      { name: 'train', status: 'failed' },
    ]);
    expect(context.checkpoints).toEqual([]); // only the step that trains has any
    expect(report.rollback?.complete).toBe(true);
    expect(logged(events, 'undone')).toEqual([{ made: ['1.txt'], status: 'completed', asked: null }]);
    expect(await readdir(dir)).toEqual(['1.ckpt', 'data']);
  });

  it('has steps that may be skipped, and some that cannot be undone', async () => {
    class Telling extends LocalTrainer {
      override setupSteps(registry: StepRegistry<TrainContext>): void {
        super.setupSteps(registry);
        const tell = (name: string, skip: string | boolean) =>
          this.pluginStep({ python: TRAINER }, { step: 'tell', name, with: { skip } });
        registry.insertBefore('train', tell('once', false)).insertBefore('train', tell('again', 'told before'));
      }

      override execute(): unknown {
        throw new Error('no use for it');
      }
    }
    const { report, events } = await runAction(new Telling(await workDir()));
    expect(report.steps.map(({ name, status }) => [name, status]).slice(1, 3)).toEqual([
      ['once', 'completed'],
      ['again', 'skipped'],
    ]);
    expect(events).toContainEqual(expect.objectContaining({ type: 'step-skip', step: 'again', reason: 'told before' }));
    expect(report.rollback?.steps.find(({ name }) => name === 'once')).toMatchObject({
      outcome: 'irreversible',
      leftBehind: [expect.stringMatching(/^what step 'tell' of plugin '.*trainer\.py' did$/)],
    });
  });

  it('ends with the workflow in which its action is a step', async () => {
    const dir = await workDir();
    const action = new WrappedTrainer(dir, {});
    const registry = new StepRegistry().register(await action.toStep());
    const report = await new Orchestrator(registry, new BaseStepContext()).execute();
    expect(report.steps[0]?.data).toMatchObject({ value: { epochs: 2 } });
  });

  it('is the one with the same settings when it is undone', async () => {
    class Two extends LocalTrainer {
      override async execute(): Promise<unknown> {
        const [one, other] = [await this.#start('one'), await this.#start('other')];
        await other.run('train', { losses: [1] });
        await one.run('train', { losses: [1] });
        throw new Error('no use for it');
      }

      #start(name: string): Promise<ActionPlugin> {
        return this.plugin({ python: TRAINER }, { env: { WHO: name } });
      }
    }
    const { events } = await runAction(new Two(await workDir()));
    expect(logged(events, 'undone').map((data) => (data as { readonly who: unknown }).who)).toEqual(['one', 'other']);
  });

  it('needs a step around it', async () => {
    class Curious extends LocalTrainer {
      ask(): Promise<ActionPlugin> {
        return this.plugin({ python: TRAINER });
      }
    }
    await expect(new Curious(await workDir()).ask()).rejects.toMatchObject({ code: 'no_step_running' });
  });

  it('says which steps there are when it is asked for another', async () => {
    class Lost extends LocalTrainer {
      override async execute(): Promise<unknown> {
        return (await this.plugin({ python: TRAINER })).run('trian');
      }
    }
    const { error } = await runAction(new Lost(await workDir()));
    expect(error?.cause).toMatchObject({ code: 'unknown_step' });
  });
});

describe('what is recorded of the steps of plugins in a step', () => {
  const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
  const run = { target: { python: 'train.py' }, options: { secrets: { TOKEN: 'hunter2' } }, step: 'train', params: {} };

  it('is read back run by run, newest first, with all that each had saved', () => {
    const undo = {
      ...recordOfRun(one, run),
      ...entriesOfRun(one, { 'file:1': 'a' }),
      ...recordOfRun(two, run),
      ...entriesOfRun(one, { 'file:2': 'b' }),
      other: true,
    };
    expect(recordedRuns(undo)).toEqual([
      { ...run, options: { secrets: ['TOKEN'] }, id: two, undo: {} },
      { ...run, options: { secrets: ['TOKEN'] }, id: one, undo: { 'file:1': 'a', 'file:2': 'b' } },
    ]);
  });

  it('is an error when it does not say whose an entry is', () => {
    expect(() => recordedRuns(entriesOfRun(one, { file: 'a' }))).toThrow("name 'file' of a plugin whose run");
  });
});
