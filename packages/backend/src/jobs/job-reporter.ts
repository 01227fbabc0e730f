import { JobLogger, systemClock, type Clock, type JobLoggerOptions, type LogEntry } from '@synapse-steps/core';

import type { Id } from '../api/id.js';
import { BackendJobClient, type JobBackend } from './backend-job-client.js';
import { settledData } from './line-content.js';

/** What of a job's story reached the backend, and what did not. */
export interface JobReport {
  /** True when all of it did. */
  readonly isComplete: boolean;
  readonly lines: {
    /** Given up because too many waited: the oldest. */
    readonly dropped: number;
    /** Not sent when the time was over. */
    readonly unsent: number;
    /** Sent, but the answer was lost: perhaps there. */
    readonly unconfirmed: number;
    /** The backend did not want them. */
    readonly refused: number;
    /** Not told in full: the data was larger than a mebibyte or no JSON, or the file could not be sent. */
    readonly cut: number;
  };
  /** False when the last progress and metrics did not arrive; earlier ones do not matter. */
  readonly isProgressCurrent: boolean;
  /** What went wrong last, in words. */
  readonly lastError?: string;
}

/** The machine's clock, whose timers keep no process alive. */
const quietClock: Clock = {
  ...systemClock,
  after(ms, callback) {
    const timer = setTimeout(callback, ms).unref();
    return () => clearTimeout(timer);
  },
};

/**
 * Tells a job of the backend what a run does: progress and metrics at most once a second, of which the newest counts, and
 * lines of its log in batches of 200 or after 2 s. It never holds up or breaks a run: while the backend is away, the newest
 * 32 MiB of lines wait (256 MiB while it answers), and whatever could not be sent, or not in full, is counted.
 *
 * @example
 * const reporter = new JobReporter(backend, jobId);
 * const context = new BaseStepContext(new RuntimeContext({ logger: reporter, jobId }));
 * await new Orchestrator(registry, context).execute();
 * const { isComplete, lastError } = await reporter.close();
 */
export class JobReporter extends JobLogger {
  readonly #client: BackendJobClient;
  /** Lines whose data is not all there. */
  #cut = 0;

  constructor(backend: JobBackend, jobId: Id, options: JobLoggerOptions = {}) {
    const client = new BackendJobClient(backend);
    super(client, String(jobId), { clock: quietClock, ...options });
    this.#client = client;
  }

  /** What has been lost so far, or is still to be sent. */
  report(): JobReport {
    const { dropped, unsent, deliveryUnconfirmed } = this.logLossReport();
    const { refused, lost, withoutFile, lastError, isUpdateMissing } = this.#client;
    const cut = this.#cut + withoutFile;
    const lines = { dropped, unsent: unsent + lost, unconfirmed: deliveryUnconfirmed, refused, cut };
    return {
      isComplete: !isUpdateMissing && Object.values(lines).every((count) => count === 0),
      lines,
      isProgressCurrent: !isUpdateMissing,
      ...(lastError !== undefined && { lastError }),
    };
  }

  /**
   * Sends what is left, and tells what could not be sent. It gives up once the backend has taken nothing for `timeoutMs`
   * (default 10 s). May be repeated.
   */
  async close({ timeoutMs = 10_000 }: { readonly timeoutMs?: number } = {}): Promise<JobReport> {
    const reason = new Error(`the backend did not take the rest within ${timeoutMs / 1000} s`);
    const letGo = this.#client.stopWhenSilent(timeoutMs, reason);
    try {
      await this.finish();
    } finally {
      letGo();
    }
    return this.report();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  protected override write(entry: LogEntry): void {
    const { data, characters, isWhole } = settledData(entry.data);
    if (!isWhole) this.#cut += 1;
    super.write({ ...entry, data }, characters);
  }
}
