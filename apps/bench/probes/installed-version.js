import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The version of a package as this program would import it: from the manifest above its entry.
 *
 * @param {string} name @returns {string}
 */
export function versionOf(name) {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  for (; folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = readManifest(join(folder, 'package.json'));
    if (manifest?.name === name) return manifest.version;
  }
  throw new Error(`Found no package.json of ${name} above its entry.`);
}

/** @param {string} file @returns {{ name: string, version: string } | undefined} */
function readManifest(file) {
  try {
    return /** @type {{ name: string, version: string }} */ (JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined; // look further up
    throw error;
  }
}
