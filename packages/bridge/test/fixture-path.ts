import { fileURLToPath } from 'node:url';

/** The absolute path of a one-purpose plugin. */
export function fixturePath(file: string): string {
  return fileURLToPath(new URL(`../../../test-fixtures/plugins/${file}`, import.meta.url));
}
