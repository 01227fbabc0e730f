import type { RunReport } from '@synapse-steps/core';
import { isCancelled } from './run/stray-error.js';

/** What the command's exit code says. */
export const EXIT = {
  /** The run succeeded. */
  succeeded: 0,
  /** A step failed, or an error came outside of any step, and everything was undone. */
  failed: 1,
  /** Wrong use; nothing was started. */
  wrongUse: 2,
  /** Something could not be undone, or was kept. */
  leftBehind: 3,
  /** Cancelled and undone. */
  cancelled: 130,
} as const;

/** The exit code that a finished run deserves. */
export function exitCodeOf(report: RunReport, failure?: string): number {
  if (report.rollback?.complete === false) return EXIT.leftBehind;
  if (report.status === 'succeeded') return failure === undefined ? EXIT.succeeded : EXIT.leftBehind;
  const isUndone = report.status === 'rolled-back' || report.status === 'failed';
  if (!isUndone) return EXIT.leftBehind;
  return isCancelled(report) ? EXIT.cancelled : EXIT.failed;
}
