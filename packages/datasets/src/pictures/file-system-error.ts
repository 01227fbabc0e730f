/** Whether `error` is one of the file system's, with one of these codes. */
export function isFileSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code);
}

/** What the file system was asked for; `undefined` where it answers with one of these codes. Default: `ENOENT`. */
export async function orMissing<T>(asked: Promise<T>, codes: readonly string[] = ['ENOENT']): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isFileSystemError(error, ...codes)) return undefined;
    throw error;
  }
}
