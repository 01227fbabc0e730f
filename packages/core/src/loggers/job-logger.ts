import type { StepOutline } from '../events/run-event.js';
import type { Clock } from '../orchestrator/clock.js';
import { BaseLogger, type StepEnding } from './base-logger.js';
import type { JobClient, JobLogLine, JobProgressRecord } from './job-client.js';
import { JobLogSender, type LogLossReport } from './job-log-sender.js';
import { JobProgress } from './job-progress.js';
import { JobSnapshotSender } from './job-snapshot-sender.js';
import type { LogEntry } from './log-entry.js';
import type { ProgressData } from './progress-book.js';

export interface JobLoggerOptions {
  /** The steps' shares of the job. Default: those that the first run's action declares, else its weights. */
  readonly proportions?: Readonly<Record<string, number>>;
  /** How many lines are worth a request. Default 200. */
  readonly logBatchSize?: number;
  /** How long a line may wait, in milliseconds. Default 2000. */
  readonly logFlushMs?: number;
  /** The least time between two progress or metrics requests, in milliseconds. Default 1000. */
  readonly progressFlushMs?: number;
  readonly clock?: Clock;
}

/**
 * Tells a job of the backend what happens: lines in batches, progress and metrics as snapshots of which only the newest
 * counts. The client is handed in. Nothing that it does can break a step: what fails is tried again with growing pauses,
 * or counted as lost.
 */
export class JobLogger extends BaseLogger {
  readonly #jobId: string;
  readonly #progress = new JobProgress();
  readonly #logs: JobLogSender;
  readonly #snapshots: JobSnapshotSender;

  constructor(client: JobClient, jobId: string, options: JobLoggerOptions = {}) {
    super(options);
    const { logBatchSize = 200, logFlushMs = 2000, progressFlushMs = 1000 } = options;
    this.#jobId = jobId;
    this.#logs = new JobLogSender((lines) => client.createLogs(lines), {
      batchSize: logBatchSize,
      flushMs: logFlushMs,
      clock: this.clock,
      beforeSend: () => this.#snapshots.sendDue(),
    });
    this.#snapshots = new JobSnapshotSender((update) => client.updateJob(jobId, update), {
      flushMs: progressFlushMs,
      clock: this.clock,
      progress: () => this.#progress.toRecord(),
      metrics: () => ({ record: { steps: this.getMetrics() } }),
    });
    if (options.proportions) this.#progress.setProportions(options.proportions);
  }

  /** @throws StepUsageError once a step has reported. */
  setStepProportions(proportions: Readonly<Record<string, number>>, orders?: Readonly<Record<string, number>>): void {
    this.#progress.setProportions(proportions, orders);
  }

  override setStep(step: string | undefined, order?: number): void {
    super.setStep(step, order);
    if (step !== undefined && order !== undefined) this.#progress.setOrder(step, order);
  }

  /** What the backend is told of the job's progress. @param timeElapsed seconds */
  getProgressRecord(options: { readonly timeElapsed?: number } = {}): JobProgressRecord {
    return this.#progress.toRecord(options.timeElapsed);
  }

  /** How many progress and metrics requests failed; none of them is repeated, because a newer one follows. */
  get failedUpdates(): number {
    return this.#snapshots.failures;
  }

  logLossReport(): LogLossReport {
    return this.#logs.lossReport();
  }

  /** Resolves once everything that may be sent now has been sent. */
  async flush(): Promise<void> {
    await this.#snapshots.flush();
    await this.#logs.flush();
  }

  /** @param characters of its data as JSON, where that is known already */
  protected override write(entry: LogEntry, characters: number = charactersOf(entry.data)): void {
    this.#logs.add(this.#toLine(entry), characters);
  }

  protected override onProgress(progress: ProgressData, step: string | undefined): void {
    this.#progress.report(step, progress);
    this.#snapshots.mark('progress');
    this.#logs.sendDue();
  }

  protected override onMetrics(): void {
    this.#snapshots.mark('metrics');
    this.#logs.sendDue();
  }

  protected override onRunStart(steps: readonly StepOutline[]): void {
    this.#progress.adopt(steps);
  }

  protected override onStepEnd(step: string, ending: StepEnding): void {
    if (ending === 'failed' || ending === 'unknown') return this.setProgressFailed(step);
    if (this.#progress.complete(step)) this.#snapshots.mark('progress');
  }

  protected override async onFinish(): Promise<void> {
    await this.flush();
    const loss = this.logLossReport();
    if (loss.dropped + loss.unsent + loss.deliveryUnconfirmed === 0) return;
    await this.#logs.sendAlone(this.#toLine({ level: 'warning', event: 'joblog_loss', data: lossData(loss) }));
  }

  #toLine({
    level,
    event,
    data,
    step,
    file,
  }: Partial<LogEntry> & Pick<LogEntry, 'level' | 'event' | 'data'>): JobLogLine {
    return {
      event,
      data,
      datetime: this.clock.timestamp(),
      job: this.#jobId,
      level,
      ...(step !== undefined && { step }),
      ...(file !== undefined && { file }),
    };
  }
}

function lossData({ dropped, unsent, deliveryUnconfirmed }: LogLossReport): Record<string, unknown> {
  const message = `The log of this job is incomplete: ${dropped} lines dropped, ${unsent} not sent, ${deliveryUnconfirmed} perhaps not received.`;
  return { message, dropped, unsent, delivery_unconfirmed: deliveryUnconfirmed };
}

const MANY_CHARACTERS = 64 * 1024;

/** What is no JSON may be anything, so it counts as much; that it cannot be sent is for the client to say. */
function charactersOf(data: Readonly<Record<string, unknown>>): number {
  try {
    return JSON.stringify(data).length;
  } catch {
    return MANY_CHARACTERS;
  }
}
