// Runs one vitest project and takes its totals from our reporter.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { captureCommand, runCommand } from '../bootstrap/run-command.mjs';
import { summaryFileVariable } from './totals-reporter.mjs';

/** @typedef {import('./totals.mjs').Totals} Totals */
/** @typedef {import('./totals-reporter.mjs').VitestSummary} VitestSummary */

/** All slow tests together take a quarter of an hour on two cores. */
const fortyMinutes = 40 * 60_000;
const vitest = join(root, 'node_modules', '.bin', 'vitest');

/** Shows the run on this terminal. @param {string} project @param {readonly string[]} filters @returns {Promise<VitestSummary>} */
export async function showVitest(project, filters) {
  return withSummary(async (env) => ({ code: await runCommand(vitest, vitestArguments(project, filters), { env }) }));
}

/**
 * Keeps what vitest prints. A project without a test is a failure, unless it may be empty.
 *
 * @param {string} project
 * @param {{ mayBeEmpty?: boolean, filters?: readonly string[], env?: Record<string, string> }} [options]
 * @returns {Promise<Totals & { output: string, skippedTests: string[], tests: VitestSummary['tests'] }>}
 */
export async function captureVitest(project, { mayBeEmpty = false, filters = [], env = {} } = {}) {
  const args = vitestArguments(project, [...filters, ...(mayBeEmpty ? ['--passWithNoTests'] : [])]);
  const run = (/** @type {Record<string, string>} */ more) =>
    captureCommand(vitest, args, { env: { ...env, ...more }, timeoutMs: fortyMinutes });
  const { totals, skipped, tests, result } = await withSummary(run);
  return { ...totals, output: result.output, skippedTests: skipped, tests };
}

/** @param {string} project @param {readonly string[]} others */
function vitestArguments(project, others) {
  const reporter = join(root, 'scripts', 'verification', 'totals-reporter.mjs');
  return ['run', '--project', project, '--reporter=default', `--reporter=${reporter}`, ...others];
}

/**
 * @template {{ code: number }} Result
 * @param {(env: Record<string, string>) => Promise<Result>} run
 * @returns {Promise<VitestSummary & { result: Result }>}
 */
async function withSummary(run) {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-vitest-'));
  try {
    const file = join(folder, 'summary.json');
    const result = await run({ [summaryFileVariable]: file });
    return {
      ...judgeSummary(existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined, result.code),
      result,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A vitest that failed without saying where, as one that was killed, is one failure.
 *
 * @param {VitestSummary | undefined} summary @param {number} exitCode @returns {VitestSummary}
 */
export function judgeSummary(summary, exitCode) {
  const { totals, ...rest } = summary ?? { totals: { passed: 0, failed: 0, skipped: 0 }, skipped: [], tests: [] };
  return { totals: exitCode !== 0 && totals.failed === 0 ? { ...totals, failed: 1 } : totals, ...rest };
}
