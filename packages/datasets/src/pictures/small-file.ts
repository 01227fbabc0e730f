import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

// Files of a data set are small and many. To wait for each call costs several times the work itself (a turn of the event loop
// and two of the thread pool), so they are read and written at once; `Turns` lets everybody else go on in between.

/** Why something is no file that can be read here; the message goes on after its path. */
export class NoSmallFileError extends Error {
  override readonly name = 'NoSmallFileError';
}

/**
 * A whole file.
 *
 * @throws NoSmallFileError when it is larger than `mostBytes`, or a folder or a device; what the file system throws
 */
export function readSmallFile(path: string, mostBytes: number): Buffer {
  return withFile(path, (file) => {
    const state = fstatSync(file);
    if (!state.isFile()) throw new NoSmallFileError('it is not a file');
    if (state.size > mostBytes)
      throw new NoSmallFileError(`it has ${state.size} bytes, more than the ${mostBytes} that are read`);
    return readStart(file, state.size);
  });
}

/** A whole file as text, without a byte order mark. @throws as `readSmallFile` does */
export function readSmallText(path: string, mostBytes: number): string {
  return readSmallFile(path, mostBytes)
    .toString('utf8')
    .replace(/^\uFEFF/u, '');
}

/** To open a pipe would otherwise be to wait for its other end. (Windows has no such flag, and no such pipes.) */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Opens a file, and closes it again whatever happens. */
export function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, WITHOUT_WAITING);
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}

/** The first bytes of an open file; fewer where it is shorter. */
export function readStart(file: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const read = readSync(file, bytes, filled, length - filled, filled);
    if (read === 0) break;
    filled += read;
  }
  return bytes.subarray(0, filled);
}
