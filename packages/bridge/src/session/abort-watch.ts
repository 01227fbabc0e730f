/**
 * Has `listener` called once when `signal` aborts, at once if it has already. The returned function takes that back.
 *
 * The calls of a run come one after the other with the same signal. Adding a listener to it for each and removing it again
 * is a tenth of what a call costs the host; so there is one on each signal, which stays for a moment after the last call.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => undefined;
  }
  const { listeners } = watches.get(signal) ?? watch(signal);
  lastKey += 1;
  const key = lastKey;
  listeners.set(key, listener);
  return () => {
    listeners.delete(key);
    if (listeners.size === 0) sweepSoon();
  };
}

/** By a number, because a set of functions has to make a hash for each new one. */
type Listeners = Map<number, () => void>;

let lastKey = 0;

interface Watch {
  readonly listeners: Listeners;
  readonly tell: () => void;
}

/** Holds the signals that have a listener of ours, and no other ones. */
const watches = new Map<AbortSignal, Watch>();
let timer: NodeJS.Timeout | undefined;
const PAUSE_MS = 20;

function watch(signal: AbortSignal): Watch {
  const listeners: Listeners = new Map();
  const tell = (): void => {
    watches.delete(signal);
    for (const listener of listeners.values()) listener();
  };
  const started = { listeners, tell };
  signal.addEventListener('abort', tell, { once: true });
  watches.set(signal, started);
  return started;
}

/** Leaves the signals that nobody has listened to for a moment: one that others hold must not hold us. */
function sweepSoon(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    for (const [signal, { listeners, tell }] of watches) {
      if (listeners.size > 0) continue;
      signal.removeEventListener('abort', tell);
      watches.delete(signal);
    }
  }, PAUSE_MS).unref();
}
