import { setTimeout as wait } from 'node:timers/promises';

/** Waits so many milliseconds. @throws the signal's own reason when it is aborted. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await wait(ms, undefined, signal && { signal }).catch((error: unknown) => {
    throw signal?.aborted ? signal.reason : error;
  });
}
