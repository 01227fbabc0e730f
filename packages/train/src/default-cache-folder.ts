import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import type { RuntimeContext } from '@synapse-steps/core';

/**
 * Where downloads are kept for the next run: `synapse-steps` in `$XDG_CACHE_HOME`, without that variable in `~/.cache`. The
 * settings of the run go before the environment of the process.
 */
export function defaultCacheFolder({ env }: RuntimeContext): string {
  const set = env.getText('XDG_CACHE_HOME', process.env['XDG_CACHE_HOME'] ?? '');
  return join(isAbsolute(set) ? set : join(homedir(), '.cache'), 'synapse-steps');
}
