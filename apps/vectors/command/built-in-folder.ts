import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';

/** The cases that come with this repository, and their recorder. */
export const builtInFolder = join(root, 'test-fixtures', 'conformance', 'steps');
