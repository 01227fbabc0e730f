// A gate is one thing that `npm run verify` insists on. Gates run one after the other; a red one does not stop the next.
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { formatTotals, oneFailed, onePassed, oneSkipped, sumTotals } from './totals.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {import('./fault-results.mjs').TestResult} TestResult */
/**
 * @typedef {object} GateFindings
 * @property {string} output
 * @property {boolean} [shown] Prints the output of a green gate too.
 * @property {readonly string[]} [skippedTests] Names with reasons; they are always told.
 * @property {readonly TestResult[]} [tests] What became of the tests of faults.
 */
/** @typedef {Totals & GateFindings} GateResult */
/** @typedef {{ name: string, run: (earlier: readonly GateResult[]) => Promise<GateResult> }} Gate */

/** @typedef {{ code: number, output: string, isSkipped?: boolean }} Check What `isSkipped` is told although it is green. */

/** @param {Check} result @returns {GateResult} One check, passed or failed. */
export function oneCheck({ code, output, isSkipped = false }) {
  if (isSkipped) return { ...oneSkipped, output, skippedTests: [output.replace(/^SKIPPED: /, '')] };
  return { ...(code === 0 ? onePassed : oneFailed), output };
}

/**
 * Where what a check needs cannot be fetched, this says so, and fails on CI.
 *
 * @param {string} what What is left undone then. @param {() => Promise<Check>} check @returns {Promise<Check>}
 */
export async function orSkipped(what, check) {
  try {
    return await check();
  } catch (error) {
    if (process.env['CI'] !== undefined) throw error;
    return { code: 0, output: `SKIPPED: ${what}. ${String(error)}`, isSkipped: true };
  }
}

/** A gate that is one command of node_modules. @param {string} name @param {string} command @param {readonly string[]} args @returns {Gate} */
export function commandGate(name, command, args) {
  return { name, run: async () => oneCheck(await captureCommand(join(root, 'node_modules', '.bin', command), args)) };
}

/** @param {readonly Gate[]} gates @returns {Promise<Totals & { skippedTests: string[] }>} */
export async function runGates(gates) {
  /** @type {GateResult[]} */
  const all = [];
  for (const gate of gates) all.push(await runGate(gate, all));
  return { ...sumTotals(all), skippedTests: all.flatMap(({ skippedTests = [] }) => skippedTests) };
}

/** @param {Gate} gate @param {readonly GateResult[]} earlier @returns {Promise<GateResult>} */
async function runGate({ name, run }, earlier) {
  const start = performance.now();
  const result = await run(earlier).catch(failure);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${result.failed === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}: ${formatTotals(result)}`);
  if (result.failed > 0 || result.shown) console.log(indent(result.output));
  for (const test of result.skippedTests ?? []) console.log(indent(`SKIPPED: ${test}`));
  return result;
}

/** @param {unknown} error @returns {GateResult} */
function failure(error) {
  return { ...oneFailed, output: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** @param {string} text */
function indent(text) {
  return text.trimEnd().replace(/^/gm, '    | ');
}
