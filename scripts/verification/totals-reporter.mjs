// A vitest reporter that writes the totals of a run, the reason of every skipped test and what became of the faults' tests, for the command that started it.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { FAULT_TITLE } from '../clauses/faults.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {import('./fault-results.mjs').TestResult} TestResult */
/** @typedef {{ totals: Totals, skipped: string[], tests: TestResult[] }} VitestSummary `tests` are those of faults. */

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
  const tests = [];
  for (const module of modules) {
    totals.failed += module.errors().length;
    for (const test of module.children.allTests()) {
      const result = test.result();
      if (result.state === 'pending') continue;
      totals[result.state] += 1;
      const title = test.fullName.split(' > ').find((name) => FAULT_TITLE.test(name));
      if (title !== undefined) tests.push({ file: relative(root, module.moduleId), title, state: result.state });
      if (result.state === 'skipped') skipped.push(`${test.fullName}${result.note ? `: ${result.note}` : ''}`);
    }
  }
  return { totals, skipped, tests };
}
