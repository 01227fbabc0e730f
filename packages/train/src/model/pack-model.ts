import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { Readable } from 'node:stream';

import { ZipFile } from 'yazl';

import { listWeights } from './list-weights.js';

export interface PackModelOptions {
  readonly signal: AbortSignal;
  /** Told how many bytes of the archive are written. */
  readonly onBytes?: (bytes: number) => void;
}

/**
 * Packs a file, or all that is in a folder, into a zip; one file at a time, so that memory does not grow with it.
 *
 * @returns the size of the archive in bytes
 * @throws TrainError `weights_missing`; what the file system throws
 */
export async function packModel(source: string, archive: string, options: PackModelOptions): Promise<number> {
  const files = await listWeights(source);
  const zip = new ZipFile();
  const output = zip.outputStream as Readable;
  zip.on('error', (error: Error) => output.destroy(error));
  const packed = pipeline(output, counted(options), createWriteStream(archive, { flags: 'wx' }), options);
  for (const { path, name, size, mtime, mode } of files) {
    zip.addReadStreamLazy(name, { size, mtime, mode }, (done) => done(null, createReadStream(path)));
  }
  zip.end();
  await packed;
  return (await stat(archive)).size;
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
