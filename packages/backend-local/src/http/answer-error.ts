import { errorMessage } from '@synapse-steps/core';
import { Problem } from '../problem.js';
import { DiskFullError, isDiskFull, TooLargeError } from '../store/store-error.js';

/** What an error means to the one who asked. What is nobody's mistake but ours is given to `report`. */
export function toProblem(error: unknown, report: (error: unknown) => void): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TooLargeError) return new Problem(413, error.message);
  if (isDiskFull(error)) return new Problem(507, new DiskFullError(error).message);
  if (isHangUp(error)) return new Problem(400, 'The request broke off.');
  report(error);
  return new Problem(500, `The embedded backend failed: ${errorMessage(error)}`);
}

/** The client has gone in the middle of its request: nobody will read the answer. */
function isHangUp(error: unknown): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ECONNRESET' || error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
