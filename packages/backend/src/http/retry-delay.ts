/** How often something is tried again, and how soon. */
export interface RetryPolicy {
  /** How many more tries. Default 3. */
  readonly retries: number;
  /** The pause before the n-th retry is random, up to this · 2ⁿ⁻¹ milliseconds. Default 2000. */
  readonly delayMs: number;
}

const LONGEST_RETRY_AFTER_MS = 60_000;

/** Milliseconds until the next try, with full jitter: those who failed together do not come back together. @param retry 0 for the first one */
export function retryDelay(
  policy: Pick<RetryPolicy, 'delayMs'>,
  retry: number,
  random: () => number = Math.random,
): number {
  return random() * policy.delayMs * 2 ** retry;
}

/** `Retry-After` in milliseconds, at most a minute: seconds, or a date. Undefined when it says nothing. */
export function retryAfter(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}
