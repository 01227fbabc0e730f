import { onExit } from 'signal-exit';
import { killGroup } from './kill-group.js';

/**
 * Every living process group that this host started. Plugins run in groups of their own, so a Ctrl-C in the terminal
 * does not reach them; whatever ends the host in a way that JavaScript still sees (normal end, uncaught exception, a
 * signal that nobody handles) ends them here. A host that is killed outright is noticed by the plugins: their stdin ends.
 */
const leaders = new Set<number>();
let stopListening: (() => void) | undefined;

/** Remembers a process group until the returned function is called. */
export function registerGroup(leader: number): () => void {
  leaders.add(leader);
  // signal-exit knows its other users in this host: an own listener would make them believe that somebody handles the
  // signal, and the host would survive Ctrl-C
  stopListening ??= onExit(killAll);
  return () => {
    if (!leaders.delete(leader) || leaders.size > 0) return;
    stopListening?.();
    stopListening = undefined;
  };
}

function killAll(): void {
  for (const leader of leaders) killGroup(leader, 'SIGKILL');
  leaders.clear();
}
