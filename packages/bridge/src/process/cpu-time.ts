import { readFileSync } from 'node:fs';

/**
 * The processor time that a process has used so far, in clock ticks; `undefined` where the system does not tell. Two
 * samples tell a process that computes in silence from one that waits.
 */
export function cpuTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // the name of the program stands in parentheses and may hold anything, so the fields count from behind it
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = Number(fields[USER_TIME]) + Number(fields[SYSTEM_TIME]);
    return Number.isNaN(ticks) ? undefined : ticks;
  } catch {
    return undefined; // the process is gone, or this system has no /proc
  }
}

const USER_TIME = 11;
const SYSTEM_TIME = 12;
