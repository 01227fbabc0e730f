/** More bytes came than are allowed. */
export class TooLargeError extends Error {
  constructor(limit: number) {
    super(`More than ${limit} bytes were sent, which is as much as is allowed here.`);
    this.name = 'TooLargeError';
  }
}

/** There is no room for what is to be stored. */
export class DiskFullError extends Error {
  constructor(cause?: unknown) {
    super('The disk of the backend is full. Nothing of this was stored; make room and send it again.', { cause });
    this.name = 'DiskFullError';
  }
}

/** Whether the disk, or what this user may take of it, is used up. */
export function isDiskFull(error: unknown): boolean {
  if (error instanceof DiskFullError) return true;
  return error instanceof Error && 'code' in error && FULL.has(String(error.code));
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'EFBIG', 'SQLITE_FULL']);
