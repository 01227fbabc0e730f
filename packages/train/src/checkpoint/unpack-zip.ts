import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { openPromise, type Entry, type ZipFile } from 'yauzl';

/** How much an archive may hold. */
interface ZipLimits {
  /** Default 100,000. */
  readonly maxEntries?: number;
  /** Bytes of all files together. Default 256 GiB. */
  readonly maxBytes?: number;
  /** How many times its own size an archive may unpack to, once that is more than 1 GiB. Default 200. */
  readonly maxRatio?: number;
}

export interface UnpackZipOptions {
  readonly signal: AbortSignal;
  readonly limits?: ZipLimits;
}

/** A file that was unpacked. */
export interface UnpackedFile {
  /** Below the folder, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}

/**
 * Unpacks an archive into an empty folder, and nowhere else: names that lead out of it, links, names that come twice,
 * encrypted files, and archives that unpack to far more than their size are refused. Memory does not grow with the files.
 *
 * @throws Error that says what is wrong with the archive
 */
export async function unpackZip(
  archive: string,
  folder: string,
  { signal, limits = {} }: UnpackZipOptions,
): Promise<UnpackedFile[]> {
  // The library refuses absolute names, `..` and `\`, and ends a file whose content is not of the size that was stated.
  const zip = await openPromise(archive, { lazyEntries: true, autoClose: false, strictFileNames: true });
  try {
    const entries = await entriesOf(zip, { ...limits, archiveSize: (await stat(archive)).size });
    const files: UnpackedFile[] = [];
    for (const entry of entries) {
      signal.throwIfAborted();
      const path = join(folder, entry.fileName);
      if (entry.fileName.endsWith('/')) await mkdir(path, { recursive: true });
      else files.push(await unpackFile(zip, entry, { path, signal }));
    }
    return files;
  } finally {
    zip.close();
  }
}

const GIB = 2 ** 30;

/** All of the directory, before anything is written. */
async function entriesOf(
  zip: ZipFile,
  { maxEntries = 100_000, maxBytes = 256 * GIB, maxRatio = 200, archiveSize }: ZipLimits & { archiveSize: number },
): Promise<Entry[]> {
  if (zip.entryCount > maxEntries)
    throw new Error(`it holds ${zip.entryCount} files, which is more than ${maxEntries}`);
  const mostBytes = Math.min(maxBytes, Math.max(GIB, archiveSize * maxRatio));
  const entries: Entry[] = [];
  const names = new Set<string>();
  let bytes = 0;
  for await (const entry of zip.eachEntry()) {
    const name = entry.fileName; // those that only some file systems take for the same are refused by these
    if (names.has(name)) throw new Error(`it holds '${entry.fileName}' twice`);
    if (isLink(entry)) throw new Error(`'${entry.fileName}' is a link or a device`);
    if (entry.fileName.includes('\0')) throw new Error('a name in it has a zero byte');
    bytes += entry.uncompressedSize;
    if (bytes > mostBytes) throw new Error(`it unpacks to more than ${mostBytes} bytes; it looks like a zip bomb`);
    names.add(name);
    entries.push(entry);
  }
  return entries;
}

const MADE_ON_UNIX = 3;

/** What Unix says of an entry: neither a regular file nor a folder. */
function isLink({ versionMadeBy, externalFileAttributes }: Entry): boolean {
  const kind = (externalFileAttributes >>> 16) & 0o170000;
  return versionMadeBy >> 8 === MADE_ON_UNIX && ![0, 0o100000, 0o040000].includes(kind);
}

async function unpackFile(
  zip: ZipFile,
  entry: Entry,
  { path, signal }: { readonly path: string; readonly signal: AbortSignal },
): Promise<UnpackedFile> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  let size = 0;
  await pipeline(
    await zip.openReadStreamPromise(entry),
    async function* count(chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        size += chunk.length;
        hash.update(chunk);
        yield chunk;
      }
    },
    createWriteStream(path, { flags: 'wx' }),
    { signal },
  );
  return { name: entry.fileName, size, sha256: hash.digest('hex') };
}
