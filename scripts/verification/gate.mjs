// A gate is one thing that `npm run verify` insists on. Gates run one after the other; a red one does not stop the next.
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { formatTotals, oneFailed, onePassed, sumTotals } from './totals.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {Totals & { output: string, shown?: boolean }} GateResult `shown` prints the output of a green gate too. */
/** @typedef {{ name: string, run: () => Promise<GateResult> }} Gate */

/** @typedef {{ code: number, output: string, isSkipped?: boolean }} Check What `isSkipped` is told although it is green. */

/** @param {Check} result @returns {GateResult} One check, passed or failed. */
export function oneCheck({ code, output, isSkipped = false }) {
  return { ...(code === 0 ? onePassed : oneFailed), output, shown: isSkipped };
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

/** @param {readonly Gate[]} gates @returns {Promise<Totals>} */
export async function runGates(gates) {
  /** @type {Totals[]} */
  const all = [];
  for (const gate of gates) all.push(await runGate(gate));
  return sumTotals(all);
}

/** @param {Gate} gate @returns {Promise<Totals>} */
async function runGate({ name, run }) {
  const start = performance.now();
  const result = await run().catch(failure);
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6);
  console.log(`${result.failed === 0 ? 'ok  ' : 'FAIL'} ${seconds} s  ${name}: ${formatTotals(result)}`);
  if (result.failed > 0 || result.shown) console.log(indent(result.output));
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
