import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

import type { RuntimeContext } from '@synapse-steps/core';

/**
 * Where downloads are kept for the next run: `synapse-steps` in `$XDG_CACHE_HOME`, without that variable in `~/.cache`; data
 * sets are in its folder `datasets`. The settings of a run go before the environment of the process.
 */
export function defaultCacheFolder(context?: Pick<RuntimeContext, 'env'>): string {
  const own = process.env['XDG_CACHE_HOME'] ?? '';
  const set = context?.env.getText('XDG_CACHE_HOME', own) ?? own;
  return join(isAbsolute(set) ? set : join(homedir(), '.cache'), 'synapse-steps');
}
