import type { ManagedProcess } from './managed-process.js';

/** How long each rung of the ladder waits, in milliseconds. */
export interface StopTimes {
  /** From the end of stdin to SIGTERM. */
  readonly endOfInputMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly terminateMs: number;
  /** From SIGKILL to giving up. */
  readonly killMs: number;
}

/** The waits of the ladder when nobody asks for others. */
export const DEFAULT_STOP_TIMES: StopTimes = { endOfInputMs: 2000, terminateMs: 2000, killMs: 1000 };

/** `abandoned`: the process is still there although it was killed, as one that hangs inside the kernel is. */
export type StopOutcome = 'exited' | 'abandoned';

/** Ends a process the polite way: its stdin ends (the only "please stop" that every system knows), then the signals. */
export async function stopProcess(target: ManagedProcess, times: StopTimes = DEFAULT_STOP_TIMES): Promise<StopOutcome> {
  target.stdin.end();
  if (await exitsWithin(target, times.endOfInputMs)) return 'exited';
  return await terminateProcess(target, times);
}

/** Ends a process that may be beyond politeness: SIGTERM to its group, then SIGKILL. */
export async function terminateProcess(
  target: ManagedProcess,
  times: StopTimes = DEFAULT_STOP_TIMES,
): Promise<StopOutcome> {
  if (!target.stdin.writableEnded) target.stdin.end();
  target.signal('SIGTERM');
  if (await exitsWithin(target, times.terminateMs)) return 'exited';
  target.signal('SIGKILL');
  return (await exitsWithin(target, times.killMs)) ? 'exited' : 'abandoned';
}

/** Whether the process ends in time; a wait that is over leaves no timer. */
async function exitsWithin(target: ManagedProcess, milliseconds: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const exited = target.exited.then(() => true);
  const inTime = await Promise.race([exited, timeout]);
  clearTimeout(timer);
  return inTime || target.exit !== undefined;
}
