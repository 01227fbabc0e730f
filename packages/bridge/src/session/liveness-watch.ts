import { cpuTime } from '../process/cpu-time.js';
import type { Fate } from './fate.js';
import type { RequestTable } from './request-table.js';

/** What a watch looks at. */
export interface LivenessWatchOptions {
  readonly pid: number;
  readonly requests: RequestTable;
  readonly fate: Fate;
  readonly pingAfterMs: number;
  readonly hangTimeoutMs: number;
  /** When the last frame came, on the monotonic clock. */
  readonly lastFrameAt: () => number;
  /** Asks the plugin whether it lives; left out for a plugin that cannot say. */
  readonly ping: (() => void) | undefined;
}

/**
 * Notices a plugin that has stopped answering in the middle of a call. Any frame is a sign of life. A plugin that knows
 * no ping may compute in silence for as long as it likes, unless its step asks for a limit.
 */
export class LivenessWatch {
  readonly #options: LivenessWatchOptions;
  readonly #timer: NodeJS.Timeout;
  #callId = 0;
  #callSeenAt = 0;
  #cpuBefore: number | undefined;

  constructor(options: LivenessWatchOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#check(), Math.max(10, options.pingAfterMs / 2));
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #check(): void {
    const call = this.#options.requests.current;
    if (call === undefined) return;
    if (call.id !== this.#callId) {
      this.#callId = call.id;
      this.#callSeenAt = performance.now();
    }
    const silence = performance.now() - Math.max(this.#options.lastFrameAt(), this.#callSeenAt);
    if (silence < this.#options.pingAfterMs) {
      this.#cpuBefore = undefined;
      return;
    }
    this.#cpuBefore ??= cpuTime(this.#options.pid);
    const limit = call.request.hangTimeoutMs ?? (this.#options.ping ? this.#options.hangTimeoutMs : 0);
    if (limit > 0 && silence >= limit) this.#declareHung(silence);
    else this.#options.ping?.();
  }

  /** After a blocked event loop, frames that have come wait behind the timers: they are read first. */
  #declareHung(silence: number): void {
    const before = this.#options.lastFrameAt();
    setImmediate(() =>
      setImmediate(() => {
        if (this.#options.lastFrameAt() !== before || this.#options.requests.current === undefined) return;
        const text = `was silent for ${Math.round(silence)} ms (${this.#activity()}) and was ended`;
        this.#options.fate.seal({ kind: 'hung', text });
      }),
    );
  }

  #activity(): string {
    const now = cpuTime(this.#options.pid);
    if (now === undefined || this.#cpuBefore === undefined) return 'nothing is known of what it did';
    return now - this.#cpuBefore > 1 ? 'it was computing' : 'it was waiting';
  }
}
