/** The time by which a pool counts, so that nobody has to wait in order to see it pass. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Has `action` called once, later; the returned function takes that back. */
  after(milliseconds: number, action: () => void, options: TimerOptions): () => void;
  /** From 0 up to 1, to spread what would otherwise happen at the same moment. */
  random(): number;
}

interface TimerOptions {
  /** Whether the host stays alive for it. */
  readonly keepsHostAlive: boolean;
}

/** The time of the system. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  after: (milliseconds, action, { keepsHostAlive }) => {
    const timer = setTimeout(action, Math.min(milliseconds, LONGEST_MS));
    if (!keepsHostAlive) timer.unref();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

/** What `setTimeout` can count: some 24 days. Beyond that it would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;
