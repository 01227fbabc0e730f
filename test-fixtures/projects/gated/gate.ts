import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Resolves once there is a file of that name in `folder`; at once when `signal` is aborted. */
export async function gateOpens(folder: string, name: string, signal?: AbortSignal): Promise<void> {
  const stop = new AbortController();
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (existsSync(join(folder, name))) resolve();
      };
      watch(folder, { signal: stop.signal }, look);
      signal?.addEventListener('abort', () => resolve(), { signal: stop.signal });
      if (signal?.aborted) resolve();
      look();
    });
  } finally {
    stop.abort();
  }
}
