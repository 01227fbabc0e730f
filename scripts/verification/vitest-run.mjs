// Runs one vitest project and reads its totals from vitest's own JSON report.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand, runCommand } from '../bootstrap/run-command.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */

/**
 * @typedef {object} VitestReport The part of vitest's JSON report that is read here.
 * @property {number} numPassedTests
 * @property {number} numFailedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 * @property {{ assertionResults: { status: string, fullName: string }[] }[]} testResults
 */

const vitest = join(root, 'node_modules', '.bin', 'vitest');

/**
 * Shows the run on this terminal.
 *
 * @param {string} project @param {readonly string[]} [filters] @returns {Promise<{ totals: Totals, skipped: string[] }>}
 */
export async function showVitest(project, filters = []) {
  const { result, report } = await withReport(async (file) => ({
    code: await runCommand(vitest, args(project, file, filters)),
  }));
  return { totals: vitestTotals(report, result.code), skipped: skippedTests(report) };
}

/** Keeps the output. @param {string} project @returns {Promise<Totals & { output: string }>} */
export async function captureVitest(project) {
  const { result, report } = await withReport((file) =>
    captureCommand(vitest, [...args(project, file, []), '--passWithNoTests']),
  );
  return { ...vitestTotals(report, result.code), output: result.output };
}

/** @param {string} project @param {string} file @param {readonly string[]} filters */
function args(project, file, filters) {
  return [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...filters,
  ];
}

/**
 * A run that failed without a failed test, as by a file that cannot be imported, still counts as one failure.
 *
 * @param {VitestReport | undefined} report @param {number} exitCode @returns {Totals}
 */
export function vitestTotals(report, exitCode) {
  const failed = report?.numFailedTests ?? 0;
  return {
    passed: report?.numPassedTests ?? 0,
    failed: exitCode !== 0 && failed === 0 ? 1 : failed,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  };
}

/** @param {VitestReport | undefined} report */
function skippedTests(report) {
  const tests = report?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  return tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName);
}

/**
 * @template Result
 * @param {(file: string) => Promise<Result>} run
 * @returns {Promise<{ result: Result, report: VitestReport | undefined }>}
 */
async function withReport(run) {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-vitest-'));
  try {
    const file = join(folder, 'report.json');
    const result = await run(file);
    return { result, report: readReport(file) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string} file */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // vitest died early
    throw error;
  }
}
