// Runs the Python package's unittest suite on one interpreter.
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand } from '../bootstrap/run-command.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {import('../bootstrap/find-pythons.mjs').Python} Python */

/** Warnings are errors, as in the package's own rules. @param {Python} python @returns {Promise<Totals & { output: string }>} */
export async function runPythonTests({ command }) {
  const { code, output } = await captureCommand(
    command,
    ['-W', 'error', '-m', 'unittest', 'discover', '-s', 'tests', '-t', '.'],
    {
      cwd: join(root, 'packages', 'python'),
      env: { PYTHONPATH: 'src', PYTHONDONTWRITEBYTECODE: '1' },
    },
  );
  return { ...unittestTotals(output, code), output };
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
