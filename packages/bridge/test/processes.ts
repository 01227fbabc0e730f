import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** The ids of all living processes that carry the cookie of a session, children of children included. */
export function processesOfSession(sessionId: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).includes(`STEP_PROTOCOL_SESSION=${sessionId}\0`))
    .map(Number);
}

/** Waits until `condition` holds; throws when it does not within the time. */
export async function until(
  condition: () => boolean,
  options: { readonly what: string; readonly ms?: number },
): Promise<void> {
  const end = performance.now() + (options.ms ?? 5000);
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain until ${options.what}`);
    await wait(5);
  }
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return ''; // it has ended since, or belongs to somebody else
  }
}
