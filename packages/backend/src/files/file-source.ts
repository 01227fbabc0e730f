import { closeSync, constants, fstatSync, open, read, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';

import { errorMessage } from '@synapse-steps/core';

import { BackendError } from '../errors/backend-error.js';
import { bytesSource, type ByteRange, type UploadSource } from './upload-source.js';

/** Large enough to be fast, small enough that ten at once are nothing. */
const CHUNK_BYTES = 256 * 1024;

export interface FileSourceOptions {
  /** The name that the backend is told. Default: the file's own. */
  readonly name?: string | undefined;
  /** A file of up to so many bytes is read at once, and held in memory. Default: none. */
  readonly holdUpTo?: number | undefined;
}

/**
 * A file on disk, as it is now. Reading it later fails when it was changed meanwhile, before its last byte is handed out: so
 * no request with half old, half new content is ever completed.
 *
 * @throws BackendError `file_not_readable` when it is no regular file, or not there.
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<UploadSource> {
  const { name = basename(path), holdUpTo = -1 } = options;
  if (holdUpTo >= 0) return await openOnce(path, { name, holdUpTo });
  const facts = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw notReadable(path, errorMessage(error));
  });
  return sourceOf(path, name, facts);
}

function sourceOf(path: string, name: string, facts: BigIntStats): UploadSource {
  if (!facts.isFile()) throw notReadable(path, 'it is no regular file');
  const size = Number(facts.size);
  return { name, size, read: (range = { start: 0, end: size }) => readFile(path, range, facts) };
}

/** A look and a reading in one, which is a good part of what sending a small file costs. */
async function openOnce(
  path: string,
  { name, holdUpTo }: { readonly name: string; readonly holdUpTo: number },
): Promise<UploadSource> {
  const file = await openToRead(path);
  try {
    const facts = fstatSync(file, { bigint: true });
    const source = sourceOf(path, name, facts);
    if (source.size > holdUpTo) return source;
    const chunks: Uint8Array[] = [];
    for (let position = 0; position < source.size; position += chunks.at(-1)?.length ?? 0)
      chunks.push(await readChunk(file, { path, position, length: source.size - position }));
    checkUnchanged(file, path, facts);
    return bytesSource(name, chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
  } finally {
    closeSync(file);
  }
}

async function* readFile(path: string, range: ByteRange, facts: BigIntStats): AsyncGenerator<Uint8Array> {
  const file = await openToRead(path);
  try {
    for (let position = range.start; position < range.end;) {
      const chunk = await readChunk(file, { path, position, length: Math.min(CHUNK_BYTES, range.end - position) });
      position += chunk.length;
      if (position >= range.end) checkUnchanged(file, path, facts);
      yield chunk;
    }
  } finally {
    closeSync(file);
  }
}

const openLater = promisify(open);
const readLater = promisify(read);

/**
 * What may wait for the disk goes through Node's threads. Asking an open file for its size and closing it does not, and costs
 * a tenth so.
 */
async function openToRead(path: string): Promise<number> {
  // Without waiting: there may be a pipe in its place.
  return await openLater(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    throw notReadable(path, errorMessage(error));
  });
}

async function readChunk(
  file: number,
  { path, position, length }: { path: string; position: number; length: number },
): Promise<Uint8Array> {
  // A fresh buffer each time: the one before may still be on its way to the socket.
  const { bytesRead, buffer } = await readLater(file, Buffer.allocUnsafeSlow(length), 0, length, position);
  if (bytesRead === 0) throw changed(path, `it ends at ${position} bytes now`);
  return buffer.subarray(0, bytesRead);
}

function checkUnchanged(file: number, path: string, before: BigIntStats): void {
  const now = fstatSync(file, { bigint: true });
  if (now.size !== before.size) throw changed(path, `it had ${before.size} bytes and has ${now.size} now`);
  if (now.mtimeNs !== before.mtimeNs || now.ino !== before.ino) throw changed(path, 'somebody wrote to it');
}

function notReadable(path: string, why: string): BackendError {
  return new BackendError({ code: 'file_not_readable', message: `${path} cannot be sent: ${why}.` });
}

function changed(path: string, how: string): BackendError {
  return new BackendError({
    code: 'file_changed',
    message: `${path} changed while it was sent: ${how}. Send it again once nobody writes to it.`,
    retryable: true,
  });
}
