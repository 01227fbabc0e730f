import { join } from 'node:path';
import { root } from '../../../scripts/bootstrap/repository.mjs';

/** Where peers are kept: ignored by git, known to no lock file, and gone with `node_modules`. */
export const cacheFolder = join(root, 'node_modules', '.cache', 'synapse-steps-bench');
