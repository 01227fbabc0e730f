/** Whether `error` is one of the file system's, with one of these codes. */
export function isFileSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}
