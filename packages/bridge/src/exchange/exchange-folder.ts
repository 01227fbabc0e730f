import { createHash, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileReferenceSchema, type FileReference, JSON_MEDIA } from '../protocol/file-reference.js';
import { confinedPath, readWhole, withConfinedFile } from './confined-file.js';
import { BadFileError } from './exchange-error.js';
import { memoryForFiles } from './reused-memory.js';

/** What a file is to be called. */
export interface ExchangeFileOptions {
  readonly media: string;
  /** The folder below the exchange folder; by default that of the session. */
  readonly place?: string;
  readonly suffix?: string;
}

/**
 * The exchange folder as one side of one session sees it. Files are written under a name that no reference can have,
 * renamed, and only then named: from then on a file belongs to whoever reads its name. All of it is synchronous, so that
 * messages keep their order; it costs far less than the JSON that it replaces.
 */
export class ExchangeFolder {
  readonly path: string;
  readonly #session: string;

  constructor(path: string, session: string) {
    this.path = path;
    this.#session = session;
  }

  /** Writes a new file. @throws the system's error; nothing is left behind then. */
  write(content: Uint8Array, { media, place, suffix = '' }: ExchangeFileOptions): FileReference {
    const unique = randomUUID().replaceAll('-', ''); // of a stock of random bytes
    const name = `${place ?? this.#session}/${unique}${suffix}`;
    const path = confinedPath(this.path, name);
    const draft = join(dirname(path), `.${basename(path)}`);
    try {
      writeNew(draft, content);
      renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    }
    return { $file: name, bytes: content.length, sha256: sha256(content), media };
  }

  /**
   * Takes a file that the other side wrote: its content, after which it is gone. That of a file of JSON is in memory that is
   * used again, so that it has to be parsed at once.
   *
   * @param budget the most bytes that it may have
   * @throws BadFileError
   */
  take(tag: unknown, budget: number): Buffer {
    const reference = parseReference(tag);
    const { $file: name, bytes, sha256: digest, media } = reference;
    if (bytes > budget)
      throw new BadFileError(`its ${bytes} bytes are more than the ${budget} that one message may bring`);
    const content = withConfinedFile(this.path, { name, bytes }, (descriptor) =>
      readWhole(descriptor, media === JSON_MEDIA ? memoryForFiles.take(bytes) : Buffer.allocUnsafeSlow(bytes)),
    );
    if (sha256(content) !== digest) throw new BadFileError(`${name} does not have the sha256 that is said`);
    this.remove(name);
    return content;
  }

  /** Removes a file. One that cannot be removed goes with the whole folder. */
  remove(name: string): void {
    rmSync(confinedPath(this.path, name), { force: true });
  }
}

/** @throws BadFileError */
export function parseReference(tag: unknown): FileReference {
  const parsed = fileReferenceSchema.safeParse(tag);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join(', ');
  throw new BadFileError(`the reference is in a wrong shape: ${problems}`);
}

function writeNew(path: string, content: Uint8Array): void {
  const descriptor = createFile(path);
  try {
    let written = 0;
    while (written < content.length) written += writeSync(descriptor, content, written);
  } finally {
    closeSync(descriptor);
  }
}

/** Mostly the folder is there already. */
function createFile(path: string): number {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, 'wx', 0o600);
  }
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
