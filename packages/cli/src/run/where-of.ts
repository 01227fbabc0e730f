import type { RunState } from './run-state.js';

/** Where a run stands, as in `while step 'fit' was running`. */
export function whereOf(state: RunState): string {
  const undoing = state.rollback?.current;
  if (undoing !== undefined) return `while step '${undoing}' was being undone`;
  const running = [...state.running.keys()].map((name) => `'${name}'`);
  if (running.length > 0) {
    return `while step${running.length === 1 ? '' : 's'} ${running.join(', ')} ${running.length === 1 ? 'was' : 'were'} running`;
  }
  const last = state.effects.newest;
  return last === undefined ? 'before its first step' : `after step '${last.name}'`;
}
