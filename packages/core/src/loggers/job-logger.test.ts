import { describe, expect, it } from 'vitest';
import { BaseStepContext } from '../context/base-step-context.js';
import { RuntimeContext } from '../context/runtime-context.js';
import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { defineStep } from '../step/define-step.js';
import { StepResult } from '../step/step-result.js';
import { ManualClock } from '../testing/manual-clock.js';
import { recordRun } from '../testing/record-run.js';
import type { JobClient, JobLogLine, JobUpdate } from './job-client.js';
import { JobLogger } from './job-logger.js';

/** A backend that takes its time, and fails when told to. */
class SlowClient implements JobClient {
  readonly updates: JobUpdate[] = [];
  readonly batches: (readonly JobLogLine[])[] = [];
  readonly waiting: (() => void)[] = [];
  failWith: Error | undefined;

  updateJob(_jobId: string, update: JobUpdate): Promise<void> {
    this.updates.push(update);
    return this.#answer();
  }

  createLogs(lines: readonly JobLogLine[]): Promise<void> {
    this.batches.push(lines);
    return this.#answer();
  }

  /** Answers what is under way until nothing is. */
  async answerAll(): Promise<void> {
    do {
      for (const answer of this.waiting.splice(0)) answer();
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    } while (this.waiting.length > 0);
  }

  #answer(): Promise<void> {
    const error = this.failWith;
    return new Promise((resolve, reject) => this.waiting.push(() => (error ? reject(error) : resolve())));
  }
}

function start(options: object = {}): { client: SlowClient; clock: ManualClock; logger: JobLogger } {
  const client = new SlowClient();
  const clock = new ManualClock();
  return { client, clock, logger: new JobLogger(client, 'job-1', { clock, ...options }) };
}

describe('lines', () => {
  it('wait for company or for two seconds, and no request overtakes another', async () => {
    const { client, clock, logger } = start();
    logger.info('one');
    logger.info('two');
    expect(client.batches).toEqual([]);
    clock.advance(2000);
    logger.info('three');
    clock.advance(10_000);
    expect(client.batches.map((lines) => lines.length)).toEqual([2]);
    await client.answerAll();
    expect(client.batches.map((lines) => lines.length)).toEqual([2, 1]);
    await client.answerAll();
    expect(clock.waiting).toBe(0);
  });

  it('are tried again with growing pauses while the backend is down, and all arrive at last', async () => {
    const { client, clock, logger } = start({ logBatchSize: 1 });
    client.failWith = new Error('down');
    logger.info('one');
    await client.answerAll();
    for (let count = 0; count < 100; count += 1) logger.info('more');
    expect(client.batches).toHaveLength(1);
    for (let second = 0; second < 20; second += 1) {
      clock.advance(1000);
      await client.answerAll();
    }
    expect(client.batches.length).toBeLessThan(8);
    client.failWith = undefined;
    clock.advance(60_000);
    await client.answerAll();
    expect(client.batches.at(-1)).toHaveLength(101);
    expect(logger.logLossReport()).toEqual({ dropped: 0, unsent: 0, deliveryUnconfirmed: 0 });
  });

  it('whose delivery nobody confirms are not sent twice, and the loss is reported at the end', async () => {
    const { client, logger } = start({ logBatchSize: 1 });
    client.failWith = new SynapseStepsError({ code: 'cut', message: 'cut', outcomeUnknown: true });
    logger.info('one');
    await client.answerAll();
    client.failWith = undefined;
    const finished = logger.finish();
    await client.answerAll();
    await finished;
    expect(client.batches.map((lines) => lines.map(({ event }) => event))).toEqual([['message'], ['joblog_loss']]);
  });
});

describe('snapshots', () => {
  it('go out at most once a second, the newest only', async () => {
    const { client, clock, logger } = start({ proportions: { a: 1 } });
    for (let done = 0; done <= 10; done += 1) logger.setProgress(done, 10, 'a');
    logger.setMetrics({ loss: 1 }, 'a');
    await client.answerAll();
    expect(client.updates).toHaveLength(1);
    clock.advance(1000);
    await client.answerAll();
    expect(client.updates).toHaveLength(2);
    expect(client.updates[1]).toMatchObject({
      progress_record: { current_progress: { overall: 100, step: 'a' } },
      metrics_record: { record: { steps: { a: { loss: 1 } } } },
    });
    expect(clock.waiting).toBe(0);
  });
});

it('tells a job of a whole run: shares from the weights, the step that failed, and no timer left', async () => {
  const { client, clock, logger } = start({ progressFlushMs: 0 });
  const context = new BaseStepContext(new RuntimeContext({ logger }));
  const steps = [
    defineStep({ name: 'load', progressWeight: 3, execute: () => StepResult.ok() }),
    defineStep({
      name: 'train',
      progressWeight: 1,
      execute: (here: BaseStepContext) => {
        here.setProgress(1, 2);
        return StepResult.fail('no');
      },
    }),
  ];
  const run = recordRun(steps, context, { clock });
  await client.answerAll();
  await run;
  await client.answerAll();
  await logger.finish();
  expect(logger.getProgressRecord()).toEqual({
    record: {
      steps: {
        load: { proportion: 75, order: 0, percent: 100, time_remaining: 0 },
        train: { proportion: 25, order: 1, percent: 0, time_remaining: null, status: 'failed' },
      },
    },
    current_progress: { overall: 87.5, step: 'train', order: 1, percent: 0, time_remaining: null, status: 'failed' },
  });
  expect(clock.waiting).toBe(0);
});
