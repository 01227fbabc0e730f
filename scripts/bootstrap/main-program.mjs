// What every command of the root package.json does around its own work.
import './node-version.mjs';
import { oneFailed, recordTotals } from '../verification/totals.mjs';
import { buildPackages } from './build.mjs';
import { installDependencies } from './install.mjs';

/**
 * Installs, builds, does the work and sets the exit code. A failure on the way is told without a stack.
 *
 * @param {() => Promise<number>} work Resolves to the exit code.
 * @param {{ build?: boolean }} [options]
 */
export async function mainProgram(work, { build = true } = {}) {
  try {
    await installDependencies();
    if (build) await buildPackages();
    process.exitCode = await work();
  } catch (error) {
    recordTotals(oneFailed);
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
