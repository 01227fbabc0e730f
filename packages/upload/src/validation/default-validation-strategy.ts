import { basename, extname } from 'node:path';

import type { FileSpecification } from '@synapse-steps/backend/api';

import type { ValidationRequest, ValidationStrategy } from '../strategies.js';
import { bareExtension } from './filter-by-extension.js';

/** Required files and extensions, by the specifications of the collection. All problems are found, not only the first. */
export class DefaultValidationStrategy implements ValidationStrategy {
  validate({ groups, specifications, signal }: ValidationRequest): readonly string[] {
    return groups.flatMap(({ files }, index) => {
      signal.throwIfAborted();
      return problemsOf(files, specifications).map((problem) => `File group ${index}: ${problem}`);
    });
  }
}

function problemsOf(files: Readonly<Record<string, string>>, specifications: readonly FileSpecification[]): string[] {
  const missing = specifications
    .filter(({ name, is_required: isRequired }) => isRequired && files[name] === undefined)
    .map(({ name }) => `missing required file type "${name}"`);
  const wrong = specifications.flatMap(({ name, extensions }) => {
    const file = files[name];
    if (file === undefined || !extensions || extensions.length === 0) return [];
    const extension = extname(file).toLowerCase();
    if (extensions.some((allowed) => bareExtension(allowed) === bareExtension(extension))) return [];
    const expected = `[${extensions.map((allowed) => `'${allowed}'`).join(', ')}]`;
    return [`file "${basename(file)}" has extension "${extension}" but spec "${name}" expects ${expected}`];
  });
  return [...missing, ...wrong];
}
