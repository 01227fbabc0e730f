import { closeSync, constants, fstatSync, openSync, readSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { EXCHANGE_NAME } from '../protocol/file-reference.js';
import { BadFileError } from './exchange-error.js';

/**
 * The path of a name below a folder.
 *
 * @throws BadFileError for a name that could lead out of it.
 */
export function confinedPath(folder: string, name: string): string {
  if (EXCHANGE_NAME.test(name)) return join(folder, name);
  throw new BadFileError(`${JSON.stringify(name.slice(0, SHOWN))} is no name of a file below the exchange folder`);
}

const SHOWN = 100;

/**
 * Reads a file that somebody else named, or only checks it: it must be a regular file that lies inside the folder, and have
 * the size that was said. No link is followed, and no pipe is waited for.
 *
 * @throws BadFileError
 */
export function withConfinedFile<T>(
  folder: string,
  { name, bytes }: { readonly name: string; readonly bytes: number },
  use: (descriptor: number) => T,
): T {
  const path = confinedPath(folder, name);
  const descriptor = open(path);
  try {
    const found = fstatSync(descriptor);
    if (!found.isFile()) throw new BadFileError(`${path} is no regular file`);
    confine(folder, path, found);
    if (found.size !== bytes) throw new BadFileError(`${path} has ${found.size} bytes instead of ${bytes}`);
    return use(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Fills memory with all that an open file holds, and returns it. */
export function readWhole(descriptor: number, content: Buffer): Buffer {
  let filled = 0;
  while (filled < content.length) {
    const count = readSync(descriptor, content, filled, content.length - filled, null);
    if (count === 0) throw new BadFileError(`a file ended after ${filled} of ${content.length} bytes`);
    filled += count;
  }
  return content;
}

function open(path: string): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants; // the last two do not exist everywhere, and count as 0 there
  try {
    return openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  } catch (error) {
    throw new BadFileError(`${path} cannot be opened: ${codeOf(error)}`, { cause: error });
  }
}

/** The file that was opened must be the one that the real path names, inside the real folder: no folder on the way is a link. */
function confine(folder: string, path: string, found: Stats): void {
  const outside = (cause?: unknown): BadFileError =>
    new BadFileError(`${path} leads out of the exchange folder`, { cause });
  let real: string;
  let there: Stats;
  try {
    real = realpathSync.native(path);
    there = statSync(real);
  } catch (error) {
    throw outside(error); // it was moved meanwhile
  }
  const isInside = real.startsWith(realpathSync.native(folder) + sep);
  if (!isInside || there.ino !== found.ino || there.dev !== found.dev) throw outside();
}

/** What the system calls the problem. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
