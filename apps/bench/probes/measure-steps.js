// How the step engines in Node are timed: the same workflow is built and run again and again until the time is up. What
// counts is the processor time of the process, garbage collection included: an engine waits for nothing, so on an idle
// machine that is the time that passes, and on a busy one the neighbours do not count.

/** @typedef {import('./serve-probe.js').Answer} Answer */
/** @typedef {import('./serve-probe.js').ProbeRequest} ProbeRequest */

/**
 * Microseconds of processor time a step. With `hold` the workflow runs once, and what its result keeps alive is weighed; that needs
 * `--expose-gc`.
 *
 * @param {ProbeRequest} request
 * @param {() => Promise<unknown>} runWorkflow Builds and runs one workflow; resolves to what a user would keep of it.
 * @returns {Promise<Answer>}
 */
export async function measureSteps({ steps, milliseconds, hold = false }, runWorkflow) {
  if (hold) return weighOneRun(steps, runWorkflow);
  const end = performance.now() + milliseconds;
  const start = processorTime();
  let runs = 0;
  while (performance.now() < end) {
    await runWorkflow();
    runs += 1;
  }
  return { value: (processorTime() - start) / (runs * steps) };
}

/** @param {number} steps @param {() => Promise<unknown>} runWorkflow @returns {Promise<Answer>} */
async function weighOneRun(steps, runWorkflow) {
  const before = heapInUse();
  const start = processorTime();
  const kept = [await runWorkflow()];
  const value = (processorTime() - start) / steps;
  const heldBytes = heapInUse() - before;
  kept.length = 0; // alive until here
  return { value, heldBytes };
}

/** Microseconds, of all threads. */
function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function heapInUse() {
  if (globalThis.gc === undefined) throw new Error('Run the probe with --expose-gc.');
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}
