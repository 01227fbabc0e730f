import { dirname, join, basename, sep } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import { isFileSystemError } from '../pictures/file-system-error.js';

/** What the file system has against a folder that is to be made, as an error that says what to do; any other error as it is. */
export function toOutputError(error: unknown, folder: string): unknown {
  const next = nextStep(error, folder);
  if (next === undefined || !(error instanceof Error)) return error;
  const message = `${folder} cannot be written: ${reasonOf(error)}. Nothing was left of it. ${next}`;
  return new DatasetError({ code: 'output_not_writable', message, cause: error });
}

function nextStep(error: unknown, folder: string): string | undefined {
  if (isFileSystemError(error, 'ENOSPC', 'EDQUOT', 'EFBIG'))
    return 'Free some space, or name a folder on another disk.';
  if (!isFileSystemError(error, ...REFUSALS) || !concerns(error, folder)) return undefined;
  return 'Name a folder where this user may write.';
}

const REFUSALS = ['EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EEXIST', 'ENAMETOOLONG'];

/** Whether it is about the folder, the folders before it, or its part beside it; and not about what is read. */
function concerns(error: unknown, folder: string): boolean {
  const { path = '', dest = '' } = error as { readonly path?: string; readonly dest?: string };
  const part = join(dirname(folder), `.${basename(folder)}.`);
  return [path, dest].some(
    (one) => one !== '' && (`${folder}${sep}`.startsWith(`${one}${sep}`) || one.startsWith(part)),
  );
}

/** Its sentence without the code before, the call and the temporary name behind. */
function reasonOf(error: Error): string {
  if (isFileSystemError(error, 'EEXIST') && 'path' in error) return `${String(error.path)} is not a directory`;
  return error.message.replace(/^[A-Z]+: /u, '').replace(/, \w+(?: '.*)?$/u, '');
}
