// A folder in which packages are installed and used, as a user does it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { oneFailed, onePassed } from '../verification/totals.mjs';

/** @typedef {import('../verification/gate.mjs').GateResult} GateResult */

/** What every `npm install` here is told. */
export const npmFlags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];

/** @param {(project: string) => Promise<string>} use What it gives is shown. @returns {Promise<GateResult>} */
export async function inEmptyProject(use) {
  const project = mkdtempSync(join(tmpdir(), 'synapse-steps-install-'));
  try {
    const manifest = { name: 'install-test', private: true, type: 'module' };
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    return { ...onePassed, output: await use(project), shown: true };
  } catch (error) {
    return { ...oneFailed, output: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/** What the program prints. @param {string} cwd @param {string} command @param {readonly string[]} args */
export async function succeed(cwd, command, args) {
  const { code, output } = await captureCommand(command, args, { cwd, timeoutMs: 180_000 });
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}\nexit code ${code}\n${output}`);
  return output;
}
