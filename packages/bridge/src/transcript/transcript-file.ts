import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import type { WrittenEntry } from './transcript-entry.js';

/** A file cannot be recorded to; its message says which and why. */
export class TranscriptFileError extends Error {
  override readonly name = 'TranscriptFileError';
}

/** An entry that has not been timed. */
export type UntimedEntry = WrittenEntry extends infer TEntry ? Omit<TEntry, 't'> & { readonly dir: string } : never;

/**
 * A transcript that is being written, readable by its owner only. Each entry is one write, so that also a host that is
 * killed leaves whole lines; what would go beyond the limit, or does not fit onto the disk, ends the recording, not the run.
 */
export class TranscriptFile {
  readonly path: string;
  #descriptor: number | undefined;
  readonly #maxBytes: number;
  readonly #begin = performance.now();
  #size = 0;
  #begun = 0;
  #running = 0;
  #isCut = false;

  /** Makes the file, and leaves it closed. @throws TranscriptFileError when it cannot be made. */
  constructor(path: string, { maxBytes = MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.path = path;
    this.#maxBytes = maxBytes;
    makePrivate(path);
  }

  /** Another process is recorded from now on, under this number; {@link endProcess} must follow. */
  beginProcess(): number {
    this.#begun += 1;
    this.#running += 1;
    return this.#begun;
  }

  /** One process less is recorded. The file is open only while there is one. */
  endProcess(): void {
    this.#running -= 1;
    if (this.#running === 0) this.#close();
  }

  /** Writes one entry, or ends the recording with a word about why. */
  write(entry: UntimedEntry): void {
    if (this.#isCut) return;
    const line = this.#lineOf(entry);
    if (this.#size + line.length <= this.#maxBytes - CUT_ROOM) this.#append(line);
    else this.#cut(`it would have become longer than ${this.#maxBytes} bytes`);
  }

  #close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #lineOf(entry: UntimedEntry): Buffer {
    return Buffer.from(`${JSON.stringify({ t: Math.round(performance.now() - this.#begin), ...entry })}\n`);
  }

  #cut(why: string): void {
    this.#append(this.#lineOf({ dir: 'cut', text: `The recording ends here, because ${why}.` }));
    this.#isCut = true;
    this.#close();
  }

  #append(line: Buffer): void {
    try {
      this.#descriptor ??= openSync(this.path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW);
      for (let at = 0; at < line.length;) at += writeSync(this.#descriptor, line, at);
      this.#size += line.length;
    } catch (error) {
      process.stderr.write(`The recording ${this.path} ends here: ${String(error)}\n`);
      this.#isCut = true;
      this.#takeBackHalfALine();
      this.#close();
    }
  }

  /** A disk that is full takes what there is room for. */
  #takeBackHalfALine(): void {
    if (this.#descriptor !== undefined && fstatSync(this.#descriptor).isFile())
      ftruncateSync(this.#descriptor, this.#size);
  }
}

const MAX_BYTES = 64 * 1024 * 1024;
const CUT_ROOM = 1024;
const OWNER_ONLY = 0o600;

/** A new file, or one that is empty. It belongs to its owner alone: frames hold what users work with. */
function makePrivate(path: string): void {
  const { O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, O_CREAT | O_WRONLY | O_NOFOLLOW, OWNER_ONLY);
    if (fstatSync(descriptor).size > 0) throw new Error('there is something in it already');
    if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, OWNER_ONLY);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TranscriptFileError(
      `Nothing can be recorded to ${path}: ${why}. Name a new file in a folder that you may write to.`,
      { cause },
    );
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

const open = new Map<string, TranscriptFile>();

/**
 * The transcript of this process at `path`: all plugins of a run are recorded into one file, one after the other, as it happens.
 *
 * @throws TranscriptFileError when the file cannot be opened.
 */
export function transcriptAt(path: string): TranscriptFile {
  const absolute = resolve(path);
  const known = open.get(absolute);
  if (known !== undefined) return known;
  const file = new TranscriptFile(absolute);
  open.set(absolute, file);
  return file;
}
