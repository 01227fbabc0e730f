import type { Readable } from 'node:stream';

import { errorMessage } from '@synapse-steps/core';
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';

import { UploadError } from '../../upload-error.js';
import { limitError } from '../metadata-rows.js';

/** More than a workbook ever has; a directory of a million names is not walked. */
const MAX_ENTRIES = 10_000;

/**
 * The parts of a workbook, which is a zip. Sizes are those that the directory states, added up before anything is
 * unpacked; the zip library ends a part whose content is longer, shorter or other than stated.
 */
export class ZipParts {
  private readonly zip: ZipFile;
  private readonly entries: ReadonlyMap<string, Entry>;
  private remaining: number;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>, maxUnpackedSize: number) {
    this.zip = zip;
    this.entries = entries;
    this.remaining = maxUnpackedSize;
  }

  static async open(file: Buffer, maxUnpackedSize: number): Promise<ZipParts> {
    try {
      const zip = await fromBufferPromise(file, { lazyEntries: true, autoClose: false });
      return new ZipParts(zip, await directoryOf(zip), maxUnpackedSize);
    } catch (error) {
      if (UploadError.is(error)) throw error;
      throw notAWorkbook(isZip(file) ? errorMessage(error) : 'File is not a zip file', error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(partName(name));
  }

  /** A part as a stream. Throws where the part is not there, encrypted, or would unpack to more than is left. */
  async read(name: string): Promise<Readable> {
    const entry = this.entries.get(partName(name));
    if (entry === undefined) throw notAWorkbook(`the workbook has no part "${name.slice(0, 200)}"`);
    this.remaining -= entry.uncompressedSize;
    if (this.remaining < 0) throw limitError('Excel file unpacks to more than it may; it looks like a zip bomb');
    try {
      return await this.zip.openReadStreamPromise(entry);
    } catch (error) {
      throw notAWorkbook(errorMessage(error), error);
    }
  }

  close(): void {
    this.zip.close();
  }
}

async function directoryOf(zip: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  if (zip.entryCount > MAX_ENTRIES) throw limitError(`Excel file has too many parts: ${zip.entryCount}`);
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    const name = partName(entry.fileName);
    if (entries.has(name)) throw notAWorkbook('two parts have the same name');
    entries.set(name, entry);
  }
  return entries;
}

/** Part names are compared without case, as the file format says. */
function partName(name: string): string {
  return name.replace(/^\//u, '').toLowerCase();
}

function isZip(file: Buffer): boolean {
  return file.subarray(0, 2).toString('latin1') === 'PK';
}

/** The error of a file that is no workbook, or a broken one. */
export function notAWorkbook(why: string, cause?: unknown): UploadError {
  return new UploadError({
    code: 'metadata_invalid',
    message: `Invalid Excel file format: ${why}`,
    ...(cause !== undefined && { cause }),
  });
}
