// A vitest reporter that writes the totals of a run, and the reason of every skipped test, for the command that started it.
import { writeFileSync } from 'node:fs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {{ totals: Totals, skipped: string[] }} VitestSummary */

export const summaryFileVariable = 'SYNAPSE_STEPS_VITEST_SUMMARY';

export default class TotalsReporter {
  /** @param {readonly import('vitest/node').TestModule[]} modules @param {readonly unknown[]} unhandledErrors */
  onTestRunEnd(modules, unhandledErrors) {
    const file = process.env[summaryFileVariable];
    if (!file) throw new Error(`${summaryFileVariable} must name the file to write.`);
    writeFileSync(file, JSON.stringify(summarise(modules, unhandledErrors.length)));
  }
}

/**
 * A file that cannot be loaded and an error outside of all tests count as one failure each.
 *
 * @param {readonly import('vitest/node').TestModule[]} modules @param {number} unhandledErrors
 * @returns {VitestSummary}
 */
function summarise(modules, unhandledErrors) {
  const totals = { passed: 0, failed: unhandledErrors, skipped: 0 };
  const skipped = [];
  for (const module of modules) {
    totals.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state !== 'pending') totals[result.state] += 1;
      if (result.state === 'skipped') skipped.push(`${test.fullName}${result.note ? `: ${result.note}` : ''}`);
    }
  }
  return { totals, skipped };
}
