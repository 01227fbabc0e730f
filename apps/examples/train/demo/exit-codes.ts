import type { RunReport } from '@synapse-steps/core';

/** The program ends as the command `synapse-steps` would: its codes, and one for a story that did not go as it is told. */
export const EXIT = { trained: 0, failed: 1, wrongUse: 2, leftBehind: 3, notAsTold: 70 } as const;

/** What a training that failed deserves. */
export function exitCodeOf({ rollback }: RunReport): number {
  return rollback?.complete === false ? EXIT.leftBehind : EXIT.failed;
}
