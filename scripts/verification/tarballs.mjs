// What users would get: every published package, packed once for all gates that look at that.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureCommand } from '../bootstrap/run-command.mjs';
import { tarballIn } from '../packing/pack-packages.mjs';

export class Tarballs {
  #folder = mkdtempSync(join(tmpdir(), 'synapse-steps-pack-'));
  /** @type {Promise<string> | undefined} */
  #packing;

  /** The tarball of one package. @param {string} packageName Such as `@synapse-steps/core`. */
  async of(packageName) {
    await this.installLine();
    return tarballIn(this.#folder, packageName);
  }

  /** The line that `npm run pack` ends with: a shell installs all packages by it. */
  installLine() {
    this.#packing ??= pack(this.#folder);
    return this.#packing;
  }

  remove() {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** @param {string} folder */
async function pack(folder) {
  const { code, output } = await captureCommand('npm', ['run', '--silent', 'pack', '--', folder]);
  if (code !== 0) throw new Error(`npm run pack failed (exit code ${code}):\n${output}`);
  return output.trimEnd().split('\n').at(-1) ?? '';
}
