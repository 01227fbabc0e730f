import { existsSync, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject, RunEvent } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import { LocalTrainer, logged, runAction, workDir } from '../../test/run-action.js';
import type { Checkpoint, TrainContext } from '../train-context.js';
import type { MonitorOptions } from '../training/metric-monitor.js';
import type { ActionPlugin } from './action-plugin.js';

const TRAINER = new URL('../../test/trainers/trainer.py', import.meta.url);

/** What the trainer in Python is told: `does` something `at` an epoch. */
interface Asked extends Record<string, unknown> {
  readonly at?: number;
  readonly does?: string;
  readonly losses?: readonly number[];
}

interface Trained {
  readonly weights_path: string;
  readonly epochs: number;
  readonly from: string | null;
}

class PythonTrainer extends LocalTrainer<Trained> {
  static override readonly monitor: MonitorOptions | undefined = { metric: 'loss', patience: 2 };
  used: ActionPlugin | undefined;

  constructor(
    dir: string,
    readonly asked: Asked = {},
    readonly after: () => void = () => {},
  ) {
    super(dir);
  }

  override async execute(
    _dataPath: string,
    checkpoint: Checkpoint | undefined,
    { stopFile }: TrainContext,
  ): Promise<Trained> {
    this.used = await this.plugin({ python: TRAINER });
    const value = await this.used.run<Trained>('train', { checkpoint, stop_file: stopFile, ...this.asked });
    this.after();
    return value;
  }
}

/** The files in a working directory, but for the data set. */
async function filesIn(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name !== 'data');
}

describe('a trainer in Python', () => {
  it('has its value, metrics, progress and checkpoints in the step that called it, and ends with the action', async () => {
    const dir = await workDir();
    const trainer = new PythonTrainer(dir);
    const { result, events, context } = await runAction(trainer);
    expect(result?.value).toEqual({ weights_path: 'model.txt', epochs: 2, from: null });
    expect(context.modelPath).toBe('model.txt');
    expect(logged(events, 'metric')).toEqual([
      { category: 'train', key: 'epoch', value: 1, metrics: { loss: 0.5 } },
      { category: 'train', key: 'epoch', value: 2, metrics: { loss: 0.25 } },
    ]);
    expect(events.flatMap((event) => (event.type === 'step-metric' ? [[event.step, event.metrics]] : []))).toEqual([
      ['train', { epoch: 1, loss: 0.5 }],
      ['train', { epoch: 2, loss: 0.25 }],
    ]);
    expect(events.some(({ type }) => type === 'step-progress')).toBe(true);
    expect(context.checkpoints.map(({ path, metrics }) => [path, metrics])).toEqual([
      [join(dir, '1.ckpt'), { loss: 0.5 }],
      [join(dir, '2.ckpt'), { loss: 0.25 }],
    ]);
    await trainer.used?.close(); // which is under way
    expect(trainer.used?.session.pids).toEqual([]);
  });

  it('can be the step that trains, and sees data, params and context', async () => {
    class FitTrainer extends LocalTrainer<JsonObject> {
      protected override trainStep() {
        return this.trainInPlugin({ python: TRAINER });
      }
    }
    const { value } = await new FitTrainer(await workDir()).run();
    expect(value).toMatchObject({ epochs: 2 });
  });

  it('changes the context, sees the params of the action, and shows an image', async () => {
    class FitTrainer extends LocalTrainer<JsonObject> {
      override async execute(): Promise<JsonObject> {
        const plugin = await this.plugin({ python: TRAINER });
        return plugin.run('fit', { rows: [1, 2] });
      }
    }
    const dir = await workDir();
    const { result, context, events } = await runAction(new FitTrainer(dir));
    expect(result?.value).toMatchObject({ dataPath: join(dir, 'data'), seen: { dataset: 1 } });
    expect(context).toMatchObject({ fitted: [1, 2] });
    expect(events).toContainEqual(
      expect.objectContaining({
        event: 'visualization',
        data: { category: 'fit', group: 'confusion', index: 0 },
        file: 'matrix.png',
      }),
    );
  });

  it('is asked to stop when its metric gets no better, and what it returns counts', async () => {
    const { result, events } = await runAction(new PythonTrainer(await workDir(), { losses: [3, 2, 2, 2, 1] }));
    expect(result?.value).toMatchObject({ epochs: 4, weights_path: 'model.txt' });
    expect(logged(events, 'early_stop')).toHaveLength(1);
  });

  it('is cancelled in the middle of a call, and undone by its own rollback', async () => {
    const dir = await workDir();
    const { error, events } = await runAction(new PythonTrainer(dir, { at: 2, does: 'waits' }), {
      onEvent: (event, orchestrator) => {
        if (event.type === 'step-log' && event.event === 'waiting') orchestrator.cancel('enough');
      },
    });
    expect(error).toMatchObject({ code: 'run_cancelled' });
    expect(logged(events, 'undone')).toEqual([{ made: ['1.txt', '2.txt'], status: 'failed', asked: 'waits' }]);
    expect(await filesIn(dir)).toEqual([]);
  });

  it('is undone when what comes after it in the same step fails', async () => {
    const dir = await workDir();
    const trainer = new PythonTrainer(dir, {}, () => {
      throw new Error('no use for it');
    });
    const { report } = await runAction(trainer);
    expect(report).toMatchObject({ status: 'rolled-back', error: { message: 'no use for it' } });
    expect(await filesIn(dir)).toEqual([]);
  });

  it('goes on from its newest checkpoint in another host, or is undone there', async () => {
    const [dir, other] = [await workDir(), await workDir()];
    const again = await runAction(new PythonTrainer(dir, { losses: [3, 2, 1] }), { history: await historyOf(dir) });
    expect(again.result?.value).toEqual({ weights_path: 'model.txt', epochs: 3, from: join(dir, '2.ckpt') });

    const undone = await runAction(new PythonTrainer(other), { history: await historyOf(other), rollBack: true });
    expect(undone.report.rollback?.complete).toBe(true);
    expect(logged(undone.events, 'undone')).toEqual([{ made: ['1.txt', '2.txt'], status: 'unknown', asked: 'waits' }]);
    expect(await filesIn(other)).toEqual([]);
  });
});

/** What is recorded of a training whose host stops after two epochs. */
async function historyOf(dir: string): Promise<RunEvent[]> {
  const { report, journal } = await runAction(new PythonTrainer(dir, { losses: [3, 2, 1], at: 2, does: 'waits' }), {
    onEvent: (event, orchestrator) => {
      if (event.type === 'step-log' && event.event === 'waiting') orchestrator.interrupt();
    },
  });
  expect(report.status).toBe('interrupted');
  return journal.events.filter(({ type }) => type !== 'run-end');
}

describe('a bad trainer', () => {
  it('that prints what it likes changes nothing', async () => {
    const { result, events } = await runAction(new PythonTrainer(await workDir(), { at: 1, does: 'prints' }));
    expect(result?.value).toMatchObject({ epochs: 2 });
    const printed = events.flatMap((event) => (event.type === 'step-log' && event.source ? [event.message] : []));
    expect(printed).toEqual(['from Python', '{"jsonrpc":"2.0","id":1,"result":{}}', 'from a child']);
  });

  it('that forks, and leaves a child, trains on; the child ends with the action', async () => {
    const dir = await workDir();
    const { value } = await new PythonTrainer(dir, { at: 1, does: 'forks' }).run();
    expect(value).toMatchObject({ epochs: 2 });
    const pid = readFileSync(join(dir, 'sleeper.pid'), 'utf8');
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  });

  it('that is killed is undone in a new process, from what it had saved', async () => {
    const dir = await workDir();
    const trainer = new PythonTrainer(dir, { at: 2, does: 'dies' });
    const { report, error, events } = await runAction(trainer);
    expect(error?.cause).toMatchObject({ code: 'signalled', outcomeUnknown: true });
    expect(report).toMatchObject({ status: 'rolled-back', steps: [{}, { name: 'train', status: 'unknown' }] });
    expect(logged(events, 'undone')).toEqual([{ made: ['1.txt', '2.txt'], status: 'unknown', asked: 'dies' }]);
    expect(await filesIn(dir)).toEqual([]);
  });

  it('that finds no more memory fails with the exception of its language, and is undone', async () => {
    const dir = await workDir();
    const { error, report } = await runAction(new PythonTrainer(dir, { at: 1, does: 'exhausts memory' }));
    expect(error?.cause).toMatchObject({ name: 'MemoryError' });
    expect(report.status).toBe('rolled-back');
    expect(await filesIn(dir)).toEqual([]);
  });

  it.each(['nan', 'inf', '-inf'])('that measures %s fails, and says where', async (value) => {
    const { error, events } = await runAction(new PythonTrainer(await workDir(), { at: 2, does: 'diverges', value }));
    expect(error?.message).toContain(`metrics/loss: ${value}`);
    expect(logged(events, 'metric')).toHaveLength(2);
  });

  it('that raises fails with its exception and traceback', async () => {
    const { error } = await runAction(new PythonTrainer(await workDir(), { at: 1, does: 'raises' }));
    expect(error?.message).toBe("Step 'train' failed: no such optimiser: adamm");
    expect(error?.cause).toMatchObject({ name: 'ValueError', stack: expect.stringContaining('trainer.py') as string });
  });

  it('that tells of a checkpoint which is not there is stopped', async () => {
    const { error } = await runAction(new PythonTrainer(await workDir(), { at: 1, does: 'names no checkpoint' }));
    expect(error?.cause).toMatchObject({ code: 'checkpoint_not_usable' });
  });

  it('that is no plugin, or has no such step, fails the training', async () => {
    class Lost extends LocalTrainer {
      override async execute(): Promise<unknown> {
        return (await this.plugin({ python: 'nowhere.py' })).run('train');
      }
    }
    const dir = await workDir();
    const { error } = await runAction(new Lost(dir));
    expect(error?.message).toContain('nowhere.py');
    expect(existsSync(join(dir, 'nowhere.py'))).toBe(false);
  });
});

function isAlive(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`).length > 0; // of one that has ended, and that nobody has waited for, it is empty
  } catch {
    return false;
  }
}
