import { BackendError } from '@synapse-steps/backend';

const CODES = new Set(['file_changed', 'file_not_readable']);

/** Whether it is the file's own fault: it is not there, may not be read, changes, or its disk fails. */
export function isFileError(error: unknown): boolean {
  if (BackendError.is(error)) return CODES.has(error.code);
  return (
    error instanceof Error && 'syscall' in error && typeof error.syscall === 'string' && FILE_CALLS.has(error.syscall)
  );
}

const FILE_CALLS = new Set(['open', 'read', 'stat', 'fstat', 'close']);
