import type { Json } from '../cases/vector-file.js';
import type { ClientScript } from '../interpreter/scripted-client.js';
import { ModelJobProgress, type Shares } from './model-job-progress.js';
import { ModelLogger, type ModelEntry, type ModelProgress } from './model-logger.js';
import { ModelLogQueue } from './model-log-queue.js';
import { PythonError } from './python-error.js';
import type { World } from './world.js';

export interface ModelJobOptions {
  readonly batchSize?: number | undefined;
  /** Seconds. */
  readonly logInterval?: number | undefined;
  readonly progressInterval?: number | undefined;
  readonly proportions?: Shares | undefined;
  readonly client?: ClientScript | undefined;
}

type Verb = 'update_job' | 'create_logs';

/** The SDK's JobLogger, sending without its background thread. */
export class ModelJobLogger extends ModelLogger {
  readonly requests: Record<string, unknown>[] = [];
  readonly progress: ModelJobProgress;
  readonly #queue: ModelLogQueue;
  readonly #answers: Record<Verb, string[]>;
  readonly #interval: number;
  readonly #changed = new Set<'progress' | 'metrics'>();
  /** What the progress was when it was reported. */
  #snapshot: unknown;
  #lastSnapshot = -Infinity;

  constructor(world: World, options: ModelJobOptions) {
    super(world);
    const { batchSize = 200, logInterval = 2, progressInterval = 1, proportions = {}, client = {} } = options;
    this.progress = new ModelJobProgress(world);
    this.progress.setProportions(proportions);
    this.#interval = progressInterval;
    this.#answers = {
      update_job: [...(client.update_job ?? ['ok'])],
      create_logs: [...(client.create_logs ?? ['ok'])],
    };
    this.#queue = new ModelLogQueue(world, {
      batchSize,
      interval: logInterval,
      beforeSend: () => this.#sendDueSnapshot(),
      send: (lines) => this.#request('create_logs', lines),
    });
  }

  override setStep(step: string | null, order: number | null = null): void {
    super.setStep(step, order);
    if (this.world.differs('own-order') && step !== null && order !== null) this.progress.orders[step] = order;
  }

  setStepProportions(proportions: Shares, orders: Shares = {}): void {
    const { current } = this.progress;
    if (current !== null) {
      throw this.world.refusal('RuntimeError', {
        sdk: 'Cannot set step proportions after progress has started. Call set_step_proportions() before any set_progress() calls.',
        ours: `The step '${current}' has reported progress already, so the proportions are fixed. Set them before the first report.`,
      });
    }
    this.progress.setProportions(proportions);
    this.progress.orders = { ...orders };
  }

  /** The entries that have methods of their own, and no level, in the SDK. */
  logSpecial(event: string, data: Json, options: { file?: string; level?: string } = {}): void {
    const { file = null } = options;
    if (this.world.differs('job-is-told-all')) this.log({ event, data, level: options.level ?? 'info', file });
    else if (this.isFinished && this.world.differs('closed-log')) return;
    else this.emit({ event, data, level: null, step: this.step, file }); // without a look at whether it is finished
  }

  lossReport(): Record<string, number> {
    const { dropped, size: unsent, unconfirmed } = this.#queue;
    const waits = this.world.differs('nobody-waits') ? {} : { waits: 0, wait_seconds: 0, wait_timeouts: 0 };
    return { dropped, unsent, delivery_unconfirmed: unconfirmed, ...waits };
  }

  override onStepEnd(step: string, failed: boolean): void {
    if (!this.world.differs('job-is-told-all') || this.isFinished) return;
    if (failed) this.setProgressFailed(step);
    else if (this.progress.complete(step)) this.#mark('progress');
  }

  protected override emit({ event, data, level, step, file }: ModelEntry): void {
    this.#queue.add(this.#line(event, data, { level, step, file }));
  }

  protected override onProgress(progress: ModelProgress, told: { step: string | null; fraction: number }): void {
    const { percent, time_remaining, status } = progress;
    const isToldFailed = status === 'failed' && this.world.differs('job-is-told-all');
    const { step, fraction } = told;
    if (step && this.order !== null && !this.world.differs('own-order')) this.progress.orders[step] = this.order;
    this.progress.report(step, { percent, time_remaining, ...(isToldFailed && { status }) }, fraction);
    this.#mark('progress');
    this.#queue.flushDue();
  }

  protected override onMetrics(): void {
    this.#mark('metrics');
    this.#queue.flushDue();
  }

  protected override onFinish(): void {
    if (this.#changed.size > 0) this.#sendSnapshot();
    this.#queue.flush();
    const loss = this.lossReport();
    if (loss['dropped'] === 0 && loss['unsent'] === 0 && loss['delivery_unconfirmed'] === 0) return;
    this.#queue.sendAlone(this.#line('joblog_loss', { message: '<text>', ...loss }, { level: 'warning' }));
  }

  #line(
    event: string,
    data: Json,
    rest: { level: string | null; step?: string | null; file?: string | null },
  ): Record<string, unknown> {
    const { level, step = null, file = null } = rest;
    return {
      event,
      data: structuredClone(data),
      datetime: '<clock>',
      job: 'job-1',
      ...(file !== null && { file }),
      ...(step !== null && step !== '' && { step }),
      ...(level !== null && { level }),
    };
  }

  #mark(what: 'progress' | 'metrics'): void {
    this.#changed.add(what);
    if (what === 'progress') this.#snapshot = structuredClone(this.progress.record(this.order));
    this.#sendDueSnapshot();
  }

  #sendDueSnapshot(): void {
    if (this.#changed.size > 0 && this.world.seconds - this.#lastSnapshot >= this.#interval) this.#sendSnapshot();
  }

  #sendSnapshot(): void {
    this.#lastSnapshot = this.world.seconds;
    const body = {
      ...(this.#changed.has('progress') && {
        progress_record: this.world.differs('own-order') ? this.progress.record(this.order) : this.#snapshot,
      }),
      ...(this.#changed.has('metrics') && { metrics_record: { record: { steps: structuredClone(this.metrics) } } }),
    };
    this.#changed.clear();
    this.#request('update_job', body);
  }

  #request(verb: Verb, body: unknown): 'sent' | 'failed' | 'unconfirmed' {
    this.requests.push({ [verb]: structuredClone(body) });
    const answers = this.#answers[verb];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'ok';
    if (answer.startsWith('incomplete:')) return 'unconfirmed';
    return answer.startsWith('raise:') ? 'failed' : 'sent';
  }
}

/** @throws PythonError for a whole payload without trials. */
export function checkTrials(data: Record<string, Json>, world: World): void {
  if ('trials' in data) return;
  const words = {
    sdk: 'log_trials payload must include "trials" key',
    ours: "The data of logTrials must have the key 'trials'.",
  };
  throw new PythonError(
    world.differs('our-words') ? 'TypeError' : 'ValueError',
    world.differs('our-words') ? words.ours : words.sdk,
  );
}
