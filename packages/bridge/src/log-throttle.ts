/** Who hears of what comes through, and of what does not. */
export interface LogThrottleListener<TLog> {
  readonly show: (log: TLog) => void;
  /** So many entries are missing here, in one piece. */
  readonly onDropped: (count: number) => void;
}

/**
 * Lets log entries through as they come: 5000 at once, and 1000 a second in the long run. Whoever writes more loses what
 * comes in the next second, all of it, so that what is missing has one place, which is told; then a thousand pass again.
 */
export class LogThrottle<TLog> {
  readonly #listener: LogThrottleListener<TLog>;
  #allowed = BURST;
  #countedAt = performance.now();
  #dropped = 0;
  #resumeAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(listener: LogThrottleListener<TLog>) {
    this.#listener = listener;
  }

  /** Shows this entry, or counts it among those that are missing. */
  add(log: TLog): void {
    const now = performance.now();
    if (this.#dropped > 0 && now >= this.#resumeAt) this.flush(); // the timer may be late, on a loop that is busy
    this.#count(now);
    if (this.#dropped === 0 && this.#allowed >= 1) {
      this.#allowed -= 1;
      this.#listener.show(log);
      return;
    }
    if (this.#dropped === 0) this.#begin(now);
    this.#dropped += 1;
  }

  /** Tells how many are missing so far, if any are. */
  flush(): void {
    clearTimeout(this.#timer);
    const dropped = this.#dropped;
    this.#dropped = 0;
    if (dropped > 0) this.#listener.onDropped(dropped);
  }

  #begin(now: number): void {
    this.#resumeAt = now + PAUSE_MS;
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS).unref();
  }

  #count(now: number): void {
    this.#allowed = Math.min(BURST, this.#allowed + ((now - this.#countedAt) / 1000) * PER_SECOND);
    this.#countedAt = now;
  }
}

const BURST = 5000;
const PER_SECOND = 1000;
const PAUSE_MS = 1000;

/** What stands in the place of entries that are missing. */
export function droppedText(count: number): string {
  const entries = count === 1 ? '1 log entry is' : `${count} log entries are`;
  return `${entries} missing here: the step wrote more than ${PER_SECOND} in a second.`;
}
