import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { Clock } from '../orchestrator/clock.js';
import { isPromise } from '../orchestrator/settle.js';
import type { JobLogLine } from './job-client.js';
import { JobLogQueue, type WaitingLine } from './job-log-queue.js';

/** What of a job's log did not arrive, in lines. */
export interface LogLossReport {
  /** Given up because too much waited. */
  readonly dropped: number;
  /** Still waiting. */
  readonly unsent: number;
  /** Sent, and the connection was lost before the answer. */
  readonly deliveryUnconfirmed: number;
}

interface JobLogSenderOptions {
  readonly batchSize: number;
  readonly flushMs: number;
  readonly clock: Clock;
  /** Called when lines are due, before they are sent: for what else may go on that occasion. */
  readonly beforeSend?: () => void;
}

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
/** A step may say a hundred thousand lines at once, and a backend that takes them one request after the other is to get all. */
const MAX_WAITING_BYTES = 256 * 2 ** 20;
/** While the backend takes nothing, who knows for how long. */
const MAX_WAITING_BYTES_AWAY = 32 * 2 ** 20;
/** One that has not answered for so long counts as away. */
const SILENT_MS = 10_000;

/**
 * Sends lines in batches, one request at a time. After a failure it pauses, longer each time, so that a backend which is
 * down is not asked for every line.
 */
export class JobLogSender {
  readonly #send: (lines: readonly JobLogLine[]) => void | Promise<void>;
  readonly #options: JobLogSenderOptions;
  readonly #queue = new JobLogQueue();
  #lastSentMs: number;
  #pauseMs = 0;
  #failedMs = -Infinity;
  #unconfirmed = 0;
  #underWay: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(send: (lines: readonly JobLogLine[]) => void | Promise<void>, options: JobLogSenderOptions) {
    this.#send = send;
    this.#options = options;
    this.#lastSentMs = options.clock.now();
  }

  lossReport(): LogLossReport {
    return { dropped: this.#queue.dropped, unsent: this.#queue.size, deliveryUnconfirmed: this.#unconfirmed };
  }

  /** @param characters of its data as JSON: what waits has a bound */
  add(line: JobLogLine, characters: number): void {
    this.#queue.add(line, characters);
    this.#trim();
    this.sendDue();
  }

  /** Sends everything that waits, whatever the pauses say; stops at the first failure. */
  async flush(): Promise<void> {
    while (this.#underWay) await this.#underWay;
    for (let sent = true; sent && this.#queue.size > 0;) {
      const result = this.#sendNext();
      sent = typeof result === 'boolean' ? result : await result;
    }
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  /** Sends one line before all that wait; joins them when that fails. */
  async sendAlone(line: JobLogLine): Promise<void> {
    const sent = this.#sendLines([{ line, bytes: 0 }]);
    if (typeof sent !== 'boolean') await sent;
  }

  /** Sends what is due by now; a timer sees to the rest. */
  sendDue(): void {
    if (this.#underWay) return;
    if (this.#isDue()) this.#options.beforeSend?.();
    while (this.#isDue()) {
      const result = this.#sendNext();
      if (typeof result === 'boolean') continue;
      this.#underWay = result.then(() => {
        this.#underWay = undefined;
        this.sendDue();
      });
      return;
    }
    this.#startTimer();
  }

  #isDue(): boolean {
    const { batchSize, flushMs, clock } = this.#options;
    const now = clock.now();
    if (this.#queue.size === 0 || now - this.#failedMs < this.#pauseMs) return false;
    return this.#queue.hasFile || this.#queue.size >= batchSize || now - this.#lastSentMs >= flushMs;
  }

  /** True when the request was answered, or its lines are lost; false when they wait again. */
  #sendNext(): boolean | Promise<boolean> {
    return this.#sendLines(this.#queue.take());
  }

  #sendLines(waiting: readonly WaitingLine[]): boolean | Promise<boolean> {
    this.#lastSentMs = this.#options.clock.now();
    const onError = (error: unknown): boolean => this.#fail(waiting, error);
    try {
      const pending = this.#send(waiting.map(({ line }) => line));
      return isPromise(pending) ? Promise.resolve(pending).then(() => this.#succeed(), onError) : this.#succeed();
    } catch (error) {
      return onError(error);
    }
  }

  #succeed(): true {
    this.#pauseMs = 0;
    return true;
  }

  /** A log that cannot be sent breaks nothing; it is tried again, and what is lost is counted. */
  #fail(lines: readonly WaitingLine[], error: unknown): boolean {
    if (SynapseStepsError.is(error) && error.outcomeUnknown) {
      this.#unconfirmed += lines.length;
      return true;
    }
    this.#queue.putBack(lines);
    this.#failedMs = this.#options.clock.now();
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, this.#pauseMs * 2));
    this.#trim();
    return false;
  }

  #trim(): void {
    const isSilent = this.#underWay !== undefined && this.#options.clock.now() - this.#lastSentMs > SILENT_MS;
    this.#queue.trim(isSilent || this.#pauseMs > 0 ? MAX_WAITING_BYTES_AWAY : MAX_WAITING_BYTES);
  }

  #startTimer(): void {
    if (this.#queue.size === 0 || this.#stopTimer) return;
    const { clock, flushMs } = this.#options;
    const waitMs = Math.max(this.#lastSentMs + flushMs, this.#failedMs + this.#pauseMs) - clock.now();
    this.#stopTimer = clock.after(Math.max(1, waitMs), () => {
      this.#stopTimer = undefined;
      this.sendDue();
    });
  }
}
