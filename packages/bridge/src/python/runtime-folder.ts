import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The folder of the Python runtime that ships with this package, so that a plugin in Python needs no `pip install`. It
 * lies beside the built files, and in the source tree in the package that owns it.
 */
export function pythonRuntimeFolder(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((folder) =>
    existsSync(folder),
  );
  if (found === undefined) {
    throw new Error(
      'The Python runtime is missing from @synapse-steps/bridge (dist/python). Install the package again.',
    );
  }
  return found;
}

const PLACES = ['./python/synapse_steps', '../../../python/src/synapse_steps'];
