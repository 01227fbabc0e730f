/** How a process ended: by itself with a code, or by a signal. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An end in words, to follow the name of the process. */
export function describeExit(exit: ProcessExit): string {
  if (exit.signal === null) return `exited with code ${exit.code}`;
  return `was ended by the signal ${exit.signal}`;
}
