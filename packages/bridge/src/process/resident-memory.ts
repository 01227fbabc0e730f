import { readFileSync } from 'node:fs';

/** The memory that a process holds, in bytes; `undefined` where the system does not tell. */
export function residentMemory(pid: number): number | undefined {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined; // the process is gone, or this system has no /proc
  }
}
