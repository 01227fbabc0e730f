// Packs every publishable package, once for all gates that look at what users would get.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturePnpm } from '../bootstrap/pnpm.mjs';

export class Tarballs {
  /** @type {Promise<string> | undefined} */
  #folder;

  /** The tarball of one package. @param {string} packageName Such as `@synapse-steps/core`. */
  async of(packageName) {
    this.#folder ??= packAll();
    const folder = await this.#folder;
    const prefix = `${packageName.replace('@', '').replace('/', '-')}-`;
    const file = readdirSync(folder).find((name) => name.startsWith(prefix) && /^\d/.test(name.slice(prefix.length)));
    if (file === undefined)
      throw new Error(`pnpm pack made no tarball of ${packageName}; there is: ${readdirSync(folder).join(', ')}.`);
    return join(folder, file);
  }

  async remove() {
    if (this.#folder) rmSync(await this.#folder, { recursive: true, force: true });
  }
}

async function packAll() {
  const folder = mkdtempSync(join(tmpdir(), 'synapse-steps-pack-'));
  const { code, output } = await capturePnpm([
    '--recursive',
    '--filter',
    './packages/*',
    'pack',
    '--pack-destination',
    folder,
  ]);
  if (code !== 0) throw new Error(`pnpm pack failed:\n${output}`);
  return folder;
}
