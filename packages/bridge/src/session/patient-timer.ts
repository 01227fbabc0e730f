/**
 * A timer that does not blame a plugin for the host's own delay: after a blocked event loop, timers run before the
 * answers and exits that have been waiting. So it lets two rounds of the loop pass and then asks again.
 *
 * @returns the function that stops the timer.
 */
export function startPatientTimer(milliseconds: number, onExpired: () => void): () => void {
  let stopped = false;
  const timer = setTimeout(() => {
    setImmediate(() => setImmediate(() => !stopped && onExpired()));
  }, milliseconds);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
