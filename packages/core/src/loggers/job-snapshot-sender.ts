import type { Clock } from '../orchestrator/clock.js';
import { isPromise } from '../orchestrator/settle.js';
import type { JobProgressRecord, JobUpdate } from './job-client.js';

interface JobSnapshotSenderOptions {
  readonly flushMs: number;
  readonly clock: Clock;
  readonly progress: () => JobProgressRecord;
  readonly metrics: () => NonNullable<JobUpdate['metrics_record']>;
}

/** Sends the newest progress and metrics, at most one request per `flushMs`. One that fails is not repeated: a newer one comes. */
export class JobSnapshotSender {
  readonly #send: (update: JobUpdate) => void | Promise<void>;
  readonly #options: JobSnapshotSenderOptions;
  readonly #changed = new Set<'progress' | 'metrics'>();
  #lastSentMs = -Infinity;
  #failures = 0;
  #underWay: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(send: (update: JobUpdate) => void | Promise<void>, options: JobSnapshotSenderOptions) {
    this.#send = send;
    this.#options = options;
  }

  /** How many requests failed. */
  get failures(): number {
    return this.#failures;
  }

  mark(what: 'progress' | 'metrics'): void {
    this.#changed.add(what);
    this.sendDue();
  }

  /** Sends what has changed since the last request, without waiting for its turn. */
  async flush(): Promise<void> {
    while (this.#underWay) await this.#underWay;
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    const pending = this.#changed.size > 0 ? this.#sendNow() : undefined;
    if (pending) await pending;
  }

  /** Sends what is due by now; a timer sees to the rest. */
  sendDue(): void {
    if (this.#underWay || this.#changed.size === 0) return;
    const { clock, flushMs } = this.#options;
    const waitMs = this.#lastSentMs + flushMs - clock.now();
    if (waitMs <= 0) return void this.#sendNow();
    this.#stopTimer ??= clock.after(waitMs, () => {
      this.#stopTimer = undefined;
      this.sendDue();
    });
  }

  #sendNow(): Promise<void> | undefined {
    const { progress, metrics, clock } = this.#options;
    const update: JobUpdate = {
      ...(this.#changed.has('progress') && { progress_record: progress() }),
      ...(this.#changed.has('metrics') && { metrics_record: metrics() }),
    };
    this.#changed.clear();
    this.#lastSentMs = clock.now();
    const over = (): void => {
      this.#underWay = undefined;
      this.sendDue();
    };
    const failed = (): void => void (this.#failures += 1);
    try {
      const pending = this.#send(update);
      if (isPromise(pending)) return (this.#underWay = Promise.resolve(pending).catch(failed).then(over));
    } catch {
      failed(); // the next snapshot says all that this one said, and more
    }
    return undefined;
  }
}
