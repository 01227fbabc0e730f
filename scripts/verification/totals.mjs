// Counts of checks: what a runner says of its tests, summed over all runners.
import { appendFileSync, readFileSync } from 'node:fs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Totals */

/** @type {Totals} */
export const onePassed = { passed: 1, failed: 0, skipped: 0 };
/** @type {Totals} */
export const oneFailed = { passed: 0, failed: 1, skipped: 0 };
/** @type {Totals} */
export const oneSkipped = { passed: 0, failed: 0, skipped: 1 };

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

/** @typedef {import('./fault-results.mjs').TestResult} TestResult */
/** @typedef {Totals & { skippedTests?: readonly string[], tests?: readonly TestResult[] }} RunRecord */

/** Adds to the file that SYNAPSE_STEPS_TOTALS names, by which `.ci/run` puts several commands together. @param {RunRecord} run */
export function recordTotals(run) {
  const file = process.env['SYNAPSE_STEPS_TOTALS'];
  if (file) appendFileSync(file, `${JSON.stringify(run)}\n`);
}

/** @param {string} file @returns {Totals & { skippedTests: string[], tests: TestResult[] }} */
export function readTotals(file) {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  /** @type {RunRecord[]} */
  const runs = lines.map((line) => JSON.parse(line));
  return {
    ...sumTotals(runs),
    skippedTests: runs.flatMap(({ skippedTests = [] }) => skippedTests),
    tests: runs.flatMap(({ tests = [] }) => tests),
  };
}

/** What earlier commands of `.ci/run` have recorded of the tests of faults. @returns {TestResult[]} */
export function recordedTests() {
  const file = process.env['SYNAPSE_STEPS_TOTALS'];
  return file ? readTotals(file).tests : [];
}
