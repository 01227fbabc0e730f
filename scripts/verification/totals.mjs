// Counts of checks: what a runner says of its tests, summed over all runners.
import { appendFileSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** @type {Totals} */
export const onePassed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Totals} */
export const oneFailed = { passed: 0, failed: 1, skipped: 0 };

/** @param {readonly Totals[]} list @returns {Totals} */
export function sumTotals(list) {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of list) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  return sum;
}

/** @param {Totals} totals */
export function formatTotals({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** Adds to the file that SYNAPSE_STEPS_TOTALS names, by which `.ci/run` sums several commands. @param {Totals} totals */
export function recordTotals(totals) {
  const file = process.env['SYNAPSE_STEPS_TOTALS'];
  if (file) appendFileSync(file, `${JSON.stringify(totals)}\n`);
}

/** @param {string} file @returns {Totals} */
export function readTotals(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return sumTotals(lines.map((line) => JSON.parse(line)));
}
