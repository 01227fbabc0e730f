import type { BigIntStats } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';

import { errorMessage } from '@synapse-steps/core';

import { BackendError } from '../errors/backend-error.js';
import type { ByteRange, UploadSource } from './upload-source.js';

/** Large enough to be fast, small enough that ten at once are nothing. */
const CHUNK_BYTES = 256 * 1024;

export interface FileSourceOptions {
  /** The name that the backend is told. Default: the file's own. */
  readonly name?: string | undefined;
}

/**
 * A file on disk, as it is now. Reading it later fails when it was changed meanwhile, before its last byte is handed out: so
 * no request with half old, half new content is ever completed.
 *
 * @throws BackendError `file_not_readable` when it is no regular file, or not there.
 */
export async function fileSource(path: string, options: FileSourceOptions = {}): Promise<UploadSource> {
  const facts = await stat(path, { bigint: true }).catch((error: unknown) => {
    throw notReadable(path, errorMessage(error));
  });
  if (!facts.isFile()) throw notReadable(path, 'it is no regular file');
  const size = Number(facts.size);
  return {
    name: options.name ?? basename(path),
    size,
    read: (range = { start: 0, end: size }) => readFile(path, range, facts),
  };
}

async function* readFile(path: string, range: ByteRange, facts: BigIntStats): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw notReadable(path, errorMessage(error));
  });
  try {
    for (let position = range.start; position < range.end;) {
      const chunk = await readChunk(file, { path, position, length: Math.min(CHUNK_BYTES, range.end - position) });
      position += chunk.length;
      if (position >= range.end) await checkUnchanged(file, path, facts);
      yield chunk;
    }
  } finally {
    await file.close();
  }
}

async function readChunk(
  file: FileHandle,
  { path, position, length }: { path: string; position: number; length: number },
): Promise<Uint8Array> {
  // A fresh buffer each time: the one before may still be on its way to the socket.
  const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(length), 0, length, position);
  if (bytesRead === 0) throw changed(path, `it ends at ${position} bytes now`);
  return buffer.subarray(0, bytesRead);
}

async function checkUnchanged(file: FileHandle, path: string, before: BigIntStats): Promise<void> {
  const now = await file.stat({ bigint: true });
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
