import { cpuTime } from '../process/cpu-time.js';
import type { Fate } from './fate.js';
import type { PendingRequest } from './pending-request.js';
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
  readonly #seenAt = new WeakMap<PendingRequest, number>();
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
    const { requests, pingAfterMs, ping } = this.#options;
    const silences = [...requests.calls].map((call) => ({ call, silence: this.#silenceOf(call) }));
    const longest = Math.max(0, ...silences.map(({ silence }) => silence));
    if (longest < pingAfterMs) {
      this.#cpuBefore = undefined;
      return;
    }
    this.#cpuBefore ??= cpuTime(this.#options.pid);
    const hung = silences.find(({ call, silence }) => silence >= this.#limitOf(call));
    if (hung === undefined) ping?.();
    else this.#declareHung(hung.call, hung.silence);
  }

  /** Any frame of the process is a sign of life of all its calls; a call is watched from when it was first seen here. */
  #silenceOf(call: PendingRequest): number {
    const now = performance.now();
    const seenAt = this.#seenAt.get(call) ?? now;
    this.#seenAt.set(call, seenAt);
    return now - Math.max(this.#options.lastFrameAt(), seenAt);
  }

  #limitOf({ request }: PendingRequest): number {
    const limit = request.hangTimeoutMs ?? (this.#options.ping ? this.#options.hangTimeoutMs : 0);
    return limit > 0 ? limit : Infinity;
  }

  /** After a blocked event loop, frames that have come wait behind the timers: they are read first. */
  #declareHung(call: PendingRequest, silence: number): void {
    const before = this.#options.lastFrameAt();
    setImmediate(() =>
      setImmediate(() => {
        if (this.#options.lastFrameAt() !== before || !call.isOpen) return;
        const text = `was silent for ${Math.round(silence)} ms (${this.#activity()}) and was ended`;
        this.#options.fate.seal({ kind: 'hung', text, callId: call.id });
      }),
    );
  }

  #activity(): string {
    const now = cpuTime(this.#options.pid);
    if (now === undefined || this.#cpuBefore === undefined) return 'nothing is known of what it did';
    return now - this.#cpuBefore > 1 ? 'it was computing' : 'it was waiting';
  }
}
