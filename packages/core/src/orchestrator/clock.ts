/** Where a run takes its time from; a test hands over one that it moves itself. */
export interface Clock {
  /** Milliseconds, monotonic; only differences mean something. */
  now(): number;
  /** The wall clock, RFC 3339, UTC, milliseconds. */
  timestamp(): string;
  /** Calls back after `ms` milliseconds; returns what cancels it. */
  after(ms: number, callback: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => performance.now(),
  timestamp: wallClockText,
  after(ms, callback) {
    let timer = setTimeout(fire, Math.min(ms, LONGEST_TIMER_MS), ms);
    function fire(left: number): void {
      if (!(left > LONGEST_TIMER_MS)) return callback();
      const rest = left - LONGEST_TIMER_MS;
      timer = setTimeout(fire, Math.min(rest, LONGEST_TIMER_MS), rest);
    }
    return () => clearTimeout(timer);
  },
};

/** `setTimeout` fires at once when it is asked for more. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

let lastMs = -1;
let lastText = '';

/** The wall clock as RFC 3339. Writing a date costs more than the rest of an event, and many events share a millisecond. */
export function wallClockText(): string {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}
