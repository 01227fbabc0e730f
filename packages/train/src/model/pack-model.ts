import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { errorMessage } from '@synapse-steps/core';
import { ZipFile } from 'yazl';

import { TrainError } from '../train-error.js';
import { listWeights, type WeightsFile } from './list-weights.js';

export interface PackModelOptions {
  readonly signal: AbortSignal;
  /** Told how many bytes of the archive are written. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Packs a file, or all that is in a folder, into a zip; one file at a time, so that memory does not grow with it.
 *
 * @returns the size of the archive in bytes
 * @throws TrainError `weights_missing`, `archive_not_written`
 */
export async function packModel(source: string, archive: string, options: PackModelOptions): Promise<number> {
  const files = await listWeights(source);
  for (const file of files) assertPackable(file);
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  let current: Readable | undefined;
  const fail = (error: Error): void => void output.destroy(error);
  zip.on('error', fail);
  for (const file of files) {
    const { name, size, mtime, mode } = file;
    zip.addReadStreamLazy(name, { size, mtime, mode }, (done) => {
      current = Readable.from(contentOf(file));
      current.on('error', fail); // the library does not listen, and then it would end the process
      done(null, current);
    });
  }
  zip.end();
  try {
    await pipeline(output, counted(options), createWriteStream(archive, { flags: 'wx' }), options);
    return (await stat(archive)).size;
  } catch (error) {
    throw options.signal.aborted || TrainError.is(error) ? error : notWritten(archive, error);
  } finally {
    current?.destroy();
  }
}

/** What a zip cannot hold so that every system unpacks it by that name. */
function assertPackable({ path, name }: WeightsFile): void {
  const why = name.includes('\\')
    ? 'a backslash in it'
    : /^[a-z]:/i.test(name)
      ? 'the beginning of a drive'
      : undefined;
  if (why !== undefined) throw notUsable(path, `cannot be packed: its name has ${why}. Rename it`);
}

async function* contentOf({ path, size }: WeightsFile): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > size) break;
      yield chunk;
    }
  } catch (error) {
    throw notUsable(path, `cannot be read: ${errorMessage(error)}`, error);
  }
  if (bytes !== size)
    throw notUsable(
      path,
      'has changed while it was packed. Return from execute when all is written, and nobody writes to it',
    );
}

function counted({ onBytes }: PackModelOptions) {
  return async function* count(chunks: AsyncIterable<Buffer>) {
    let bytes = 0;
    for await (const chunk of chunks) {
      yield chunk;
      onBytes?.((bytes += chunk.length));
    }
  };
}

function notUsable(path: string, why: string, cause?: unknown): TrainError {
  const message = `What was trained cannot be sent: ${path} ${why}.`;
  return new TrainError({ code: 'weights_missing', message, ...(cause !== undefined && { cause }) });
}

function notWritten(archive: string, cause: unknown): TrainError {
  return new TrainError({
    code: 'archive_not_written',
    message: `What was trained cannot be packed into ${archive}: ${errorMessage(cause)}. Make room there, or set TMPDIR to a folder that has some.`,
    cause,
  });
}
