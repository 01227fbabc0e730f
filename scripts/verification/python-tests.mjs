// Runs the Python package's unittest suite on one interpreter.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { pythonTitle } from '../clauses/faults.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {import('./fault-results.mjs').TestResult} TestResult */
/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

/**
 * Warnings are errors, as in the package's own rules.
 *
 * @param {Python} python
 * @returns {Promise<Totals & { output: string, skippedTests: string[], tests: TestResult[] }>}
 */
export async function runPythonTests({ command, version }) {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-unittest-'));
  const file = join(folder, 'outcomes.json');
  try {
    const runner = join(root, 'scripts', 'verification', 'run_unittests.py');
    const { code, output } = await captureCommand(command, ['-W', 'error', runner, file], {
      cwd: join(root, 'packages', 'python'),
      env: { PYTHONPATH: 'src', PYTHONDONTWRITEBYTECODE: '1' },
    });
    const outcomes = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
    return { ...unittestTotals(output, code), output, ...readOutcomes(outcomes, version) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * `tests.test_wire.Wire.test_f29_once` becomes the title `F-29: once` of the file, as it stands in the sources.
 *
 * @param {readonly { id: string, state: TestResult['state'], reason: string | null }[]} outcomes @param {string} version
 * @returns {{ skippedTests: string[], tests: TestResult[] }}
 */
export function readOutcomes(outcomes, version) {
  const skipped = outcomes.filter(({ state }) => state === 'skipped');
  return {
    skippedTests: skipped.map(({ id, reason }) => `Python ${version}: ${id}: ${reason}`),
    tests: outcomes.map(({ id, state }) => {
      const [, file = '', method = ''] = /^tests\.(test_\w+)\..*?(\w+)$/.exec(id) ?? [];
      return { file: `packages/python/tests/${file}.py`, title: pythonTitle(method), state };
    }),
  };
}

/**
 * Reads the closing lines of unittest. A suite without a test counts as a failure: unittest itself exits 0 then.
 *
 * @param {string} output @param {number} exitCode @returns {Totals}
 */
export function unittestTotals(output, exitCode) {
  const ran = Number(/^Ran (\d+) tests? in /m.exec(output)?.[1] ?? 0);
  const closing = /^(?:OK|FAILED)(?: \((.*)\))?$/m.exec(output)?.[1] ?? '';
  const count = (/** @type {string} */ word) => Number(new RegExp(`\\b${word}=(\\d+)`).exec(closing)?.[1] ?? 0);
  const failed = count('failures') + count('errors') + count('unexpected successes');
  const skipped = count('skipped');
  if (failed === 0 && (exitCode !== 0 || ran === 0)) return { passed: Math.max(0, ran - skipped), failed: 1, skipped };
  return { passed: Math.max(0, ran - failed - skipped), failed, skipped };
}
