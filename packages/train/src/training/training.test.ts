import { existsSync } from 'node:fs';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunEvent, StepResult } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { LocalTrainer, logged, runAction, workDir } from '../../test/run-action.js';
import { folderOf } from '../../test/train-run.js';
import type { Checkpoint, TrainContext } from '../train-context.js';
import type { Metrics } from './measured-metrics.js';
import { MetricMonitor, type MonitorOptions } from './metric-monitor.js';

interface Trained {
  readonly epochs: number;
  readonly from: string | undefined;
}

type Epoch = (epoch: number, context: TrainContext) => void | Promise<void>;

/** Trains for as long as it is not asked to stop, and saves what it has after each epoch. */
class Trainer extends LocalTrainer<Trained> {
  static override readonly monitor: MonitorOptions | undefined = { metric: 'loss', patience: 2 };
  isSaving = true;
  checkpoint: Checkpoint | undefined;

  constructor(
    readonly dir: string,
    readonly losses: readonly (number | null)[],
    readonly afterEpoch: Epoch = () => {},
  ) {
    super(dir);
  }

  override async execute(
    _dataPath: string,
    checkpoint: Checkpoint | undefined,
    context: TrainContext,
  ): Promise<Trained> {
    let epoch = checkpoint?.epoch ?? 0;
    while (epoch < this.losses.length && !context.stopRequested) {
      epoch += 1;
      const metrics: Metrics = { loss: this.losses[epoch - 1] ?? null };
      context.reportMetrics(metrics, { epoch });
      if (this.isSaving) await this.#save(context, { epoch, metrics });
      await this.afterEpoch(epoch, context);
    }
    return { epochs: epoch, from: checkpoint?.path };
  }

  async #save(
    context: TrainContext,
    { epoch, metrics }: { readonly epoch: number; readonly metrics: Metrics },
  ): Promise<void> {
    await writeFile(join(this.dir, `${epoch}.ckpt`), `${epoch}`);
    await context.saveCheckpoint(`${epoch}.ckpt`, { epoch, metrics });
  }
}

const fails: Epoch = (epoch) => {
  if (epoch === 3) throw new Error('disk full');
};

/** What is recorded of a training whose host stops after its third checkpoint. */
async function historyUntilThird(dir: string): Promise<RunEvent[]> {
  const forEver: Epoch = (epoch) => (epoch === 3 ? new Promise<void>(() => {}) : undefined);
  const { report, journal } = await runAction(new Trainer(dir, [5, 4, 3, 2], forEver), {
    graceMs: 0,
    onEvent: (event, orchestrator) => {
      const isThird = event.type === 'undo-saved' && Object.keys(event.data).some((key) => key.endsWith('3.ckpt'));
      if (isThird) setImmediate(() => orchestrator.interrupt());
    },
  });
  expect(report.status).toBe('interrupted');
  return journal.events.filter(({ type }) => type !== 'run-end');
}

it('what a trainer saved as undo data is undone by its own rollback, beside the rest', async () => {
  class Careful extends Trainer {
    override async rollback(_context: TrainContext, { rollbackData }: StepResult): Promise<void> {
      const { file } = rollbackData as { readonly file?: string };
      await rm(join(this.dir, file ?? 'nothing'), { force: true });
    }
  }
  const dir = await workDir();
  const trainer = new Careful(dir, [3, 2, 1], async (epoch, context) => {
    await context.saveUndo({ file: 'out.txt' });
    await writeFile(join(dir, 'out.txt'), '');
    await fails(epoch, context);
  });
  const { report } = await runAction(trainer);
  expect([report.rollback?.complete, await readdir(dir)]).toEqual([true, ['data']]);
});

describe('metrics', () => {
  it('are points of a chart, by epoch and category', async () => {
    const trainer = new Trainer(await workDir(), [0.5, 0.25], (epoch, context) => {
      context.reportMetrics({ accuracy: epoch / 10, auc: null }, { category: 'validation' });
    });
    const { events, error } = await runAction(trainer);
    expect(error).toBeUndefined();
    expect(logged(events, 'metric')).toEqual([
      { category: 'train', key: 'epoch', value: 1, metrics: { loss: 0.5 } },
      { category: 'validation', key: 'epoch', value: 1, metrics: { accuracy: 0.1, auc: null } },
      { category: 'train', key: 'epoch', value: 2, metrics: { loss: 0.25 } },
      { category: 'validation', key: 'epoch', value: 2, metrics: { accuracy: 0.2, auc: null } },
    ]);
  });

  it.each([NaN, Infinity, -Infinity])('that are %s fail the training, with the name and the epoch', async (value) => {
    const { error, events } = await runAction(new Trainer(await workDir(), [0.5, value]));
    expect(error?.cause).toMatchObject({
      code: 'metric_not_finite',
      message: expect.stringContaining(`The metric 'loss' of 'train' is ${value} in epoch 2.`) as string,
      details: { metric: 'loss', epoch: 2, value: String(value) },
    });
    expect(logged(events, 'metric')).toHaveLength(1);
  });

  it.each([
    [
      { top1: 0.1 },
      "is an object in epoch 1; a metric is a finite number, or null. Report each of its numbers under a name of its own, such as 'loss_top1'.",
    ],
    ['0.1', 'is a string in epoch 1; a metric is a finite number, or null. Report a number.'],
  ])('that are no numbers, such as %j, fail the training', async (value, words) => {
    const { error, events } = await runAction(new Trainer(await workDir(), [value as unknown as number]));
    expect(error?.cause).toMatchObject({
      code: 'metric_not_a_number',
      message: expect.stringContaining(`The metric 'loss' of 'train' ${words}`) as string,
    });
    expect(logged(events, 'metric')).toEqual([]);
  });
});

describe('a monitor', () => {
  const report = (value: number | null, category = 'train') => ({ metrics: { score: value }, epoch: 1, category });

  it('asks for an end when the highest value gets no higher by enough', () => {
    const monitor = new MetricMonitor({ metric: 'score', mode: 'max', patience: 2, minDelta: 0.1 });
    expect([0.5, 0.55, 0.65, 0.7, 0.74].map((value) => monitor.take(report(value)))).toEqual([
      undefined,
      undefined,
      undefined, // 0.15 more than the best
      undefined,
      "'score' has not been better than 0.65 (epoch 1) for 2 epochs",
    ]);
  });

  it('looks at its own metric and category only, and counts what could not be measured', () => {
    const monitor = new MetricMonitor({ metric: 'score', patience: 1, category: 'validation' });
    expect(monitor.take(report(1))).toBeUndefined();
    expect(monitor.take({ metrics: { loss: 1 }, epoch: 1, category: 'validation' })).toBeUndefined();
    expect(monitor.take(report(null, 'validation'))).toBe("'score' could not be measured for 1 epoch");
  });

  it.each([NaN, -1, Infinity])('is refused with a least difference of %s', (minDelta) => {
    expect(() => new MetricMonitor({ metric: 'score', minDelta })).toThrow(RangeError);
  });
});

describe('an early stop', () => {
  it('comes when the metric gets no better, and keeps what was trained', async () => {
    const { result, events } = await runAction(new Trainer(await workDir(), [0.5, 0.4, 0.45, null, 0.1]));
    expect(result?.value).toEqual({ epochs: 4, from: undefined });
    const reason = "'loss' has not been better than 0.4 (epoch 2) for 2 epochs";
    expect(logged(events, 'early_stop')).toEqual([{ reason, epoch: 4, best: { value: 0.4, epoch: 2 } }]);
  });

  it('can be asked for from outside, while it trains and before', async () => {
    const trainer: Trainer = new Trainer(await workDir(), [3, 2, 1], (epoch) => {
      if (epoch === 2) trainer.requestStop('lunch');
    });
    const { result, context } = await runAction(trainer);
    expect([result?.value.epochs, context.stopReason]).toEqual([2, 'lunch']);

    const early = new Trainer(await workDir(), [3, 2, 1]);
    early.requestStop();
    expect((await early.run()).value.epochs).toBe(0);
  });

  it('can be asked for by whoever makes the stop file, which goes with the training', async () => {
    let stopFile = '';
    const trainer = new Trainer(await workDir(), [3, 2, 1], async (epoch, context) => {
      ({ stopFile } = context);
      if (epoch === 2) await writeFile(stopFile, '');
    });
    const { result, context } = await runAction(trainer);
    expect([result?.value.epochs, context.stopReason]).toEqual([2, `${stopFile} was made`]);
    expect(existsSync(join(stopFile, '..'))).toBe(false);
  });

  it('needs a patience that makes sense', async () => {
    class Hasty extends Trainer {
      static override readonly monitor = { metric: 'loss', patience: 0 };
    }
    const { error } = await runAction(new Hasty(await workDir(), [1]));
    expect(error?.message).toContain('must be a whole number of 1 or more, not 0');
  });
});

describe('checkpoints', () => {
  it.each([
    ['the newest', [], 3],
    ['the newest that is still there', ['3.ckpt', '2.ckpt'], 1],
  ])('are where an interrupted training goes on, at %s', async (_which, gone, epoch) => {
    const dir = await workDir();
    const history = await historyUntilThird(dir);
    for (const name of gone) await rm(join(dir, name));
    const resumed = await runAction(new Trainer(dir, [5, 4, 3, 2]), { history });
    const path = join(dir, `${epoch}.ckpt`);
    expect(resumed.result?.value).toEqual({ epochs: 4, from: path });
    expect(logged(resumed.events, 'training_resumed')).toEqual([{ path, epoch }]);
    expect(resumed.context.modelPath).toBe(join(dir, '4.ckpt'));
  });

  it('of an interrupted training are removed when it is undone instead', async () => {
    const dir = await workDir();
    const history = await historyUntilThird(dir);
    const { report } = await runAction(new Trainer(dir, []), { history, rollBack: true });
    expect(report.rollback?.complete).toBe(true);
    expect(await readdir(dir)).toEqual(['data']);
  });

  it('hold what was measured of them', async () => {
    const dir = await workDir();
    const { context } = await runAction(new Trainer(dir, [5]));
    const path = join(dir, '1.ckpt');
    expect(context.checkpoints).toEqual([{ category: 'saved', path, epoch: 1, metrics: { loss: 5 } }]);
  });

  it('may be written over: what was measured of it before does not count any more', async () => {
    const dir = await workDir();
    const trainer: Trainer = new Trainer(dir, [3, 1, 2], async (epoch, context) => {
      await writeFile(join(dir, 'last.ckpt'), `${epoch}`);
      await context.saveCheckpoint('last.ckpt', { epoch, metrics: { loss: trainer.losses[epoch - 1] ?? null } });
    });
    trainer.isSaving = false;
    const { context } = await runAction(trainer);
    const path = join(dir, 'last.ckpt');
    expect(context.checkpoints).toEqual([{ category: 'saved', path, epoch: 3, metrics: { loss: 2 } }]);
  });

  it('must be there before they are told', async () => {
    const trainer = new Trainer(await workDir(), [5], (_epoch, context) => context.saveCheckpoint('nowhere.ckpt'));
    const { error } = await runAction(trainer);
    expect(error?.cause).toMatchObject({ code: 'checkpoint_not_usable' });
  });

  it('of a failed training are removed; one that lies elsewhere is told', async () => {
    const [dir, temporary, other] = [await workDir(), await folderOf(), await folderOf()];
    vi.stubEnv('TMPDIR', temporary); // wherever the tests run, the other folder is then no temporary one
    onTestFinished(() => void vi.unstubAllEnvs());
    const elsewhere = join(other, 'epoch.ckpt');
    await writeFile(elsewhere, '');
    const { report, context } = await runAction(
      new Trainer(dir, [5, 4, 3], async (epoch, context) => {
        if (epoch === 1) await context.saveCheckpoint(elsewhere);
        await fails(epoch, context);
      }),
    );
    expect(report.rollback?.steps[0]).toMatchObject({
      name: 'train',
      outcome: 'irreversible',
      leftBehind: [`checkpoint ${elsewhere}`],
    });
    expect([await readdir(dir), existsSync(elsewhere)]).toEqual([['data'], true]);
    expect(context.checkpoints).toEqual([]);
  });

  it('have a best one, which is the model when the trainer names none', async () => {
    const dir = await workDir();
    const bests: unknown[] = [];
    const trainer = new Trainer(
      dir,
      [0.5, 0.2, 0.2, 0.3],
      (_epoch, context) => void bests.push(context.bestCheckpoint?.epoch),
    );
    const { context, events } = await runAction(trainer);
    expect(bests).toEqual([1, 2, 2, 2]);
    expect(context.modelPath).toBe(join(dir, '2.ckpt'));
    expect(logged(events, 'best_model')).toEqual([{ path: join(dir, '2.ckpt'), epoch: 2, metrics: { loss: 0.2 } }]);
  });
});
