/**
 * A timer that does not blame a plugin for the host's own delay: after a blocked event loop, timers run before the
 * answers and exits that have been waiting. So it lets two rounds of the loop pass and then asks again.
 *
 * @returns the function that stops the timer.
 */
export function startPatientTimer(milliseconds: number, onExpired: () => void): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const wait = (left: number): void => {
    timer = setTimeout(() => (left > LONGEST_MS ? wait(left - LONGEST_MS) : expire()), Math.min(left, LONGEST_MS));
  };
  const expire = (): void => void setImmediate(() => setImmediate(() => !stopped && onExpired()));
  wait(milliseconds);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** What `setTimeout` can count: some 24 days. Beyond that it would fire at once. */
const LONGEST_MS = 2 ** 31 - 1;
