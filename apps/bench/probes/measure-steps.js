// How the step engines in Node are timed: the same workflow is built and run again and again until the time is up.

/** @typedef {import('./serve-probe.js').Answer} Answer */
/** @typedef {import('./serve-probe.js').ProbeRequest} ProbeRequest */

/**
 * Microseconds a step. With `hold` the workflow runs once, and what its result keeps alive is weighed; that needs
 * `--expose-gc`.
 *
 * @param {ProbeRequest} request
 * @param {() => Promise<unknown>} runWorkflow Builds and runs one workflow; resolves to what a user would keep of it.
 * @returns {Promise<Answer>}
 */
export async function measureSteps({ steps, milliseconds, hold = false }, runWorkflow) {
  if (hold) return weighOneRun(steps, runWorkflow);
  const start = performance.now();
  let runs = 0;
  let elapsed = 0;
  while (elapsed < milliseconds) {
    await runWorkflow();
    runs += 1;
    elapsed = performance.now() - start;
  }
  return { value: (elapsed * 1000) / (runs * steps) };
}

/** @param {number} steps @param {() => Promise<unknown>} runWorkflow @returns {Promise<Answer>} */
async function weighOneRun(steps, runWorkflow) {
  const before = heapInUse();
  const start = performance.now();
  const kept = [await runWorkflow()];
  const value = ((performance.now() - start) * 1000) / steps;
  const heldBytes = heapInUse() - before;
  kept.length = 0; // alive until here
  return { value, heldBytes };
}

function heapInUse() {
  if (globalThis.gc === undefined) throw new Error('Run the probe with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
