import { appendFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';

import { z } from 'zod';

import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';

// Files are written under their last names right away, into a folder that nobody sees before it is complete. So when a
// download is cut off, nothing in that folder tells a whole file from the beginning of one. This list does: it names files
// that were closed, and says how long they are. It is written in batches; a killed process loses no more than the last one.

/** A file that has arrived. */
export interface WholeFile {
  /** Of which event it is: its address may be another one when it is asked for again. */
  readonly key: string;
  readonly path: string;
  /** In bytes. */
  readonly size: number;
}

const LIST = '.fetched';
const MOST_FILES = 64;
const MOST_BYTES = 16 * 2 ** 20;

const lineSchema = z.tuple([z.string(), z.string(), z.int()]);

/** The files of a download that have arrived, as its own folder has them. */
export class FetchedList {
  readonly #folder: string;
  #isEmpty = true;
  #lines: string[] = [];
  #bytes = 0;

  /** @param folder of the data set, while it is made */
  constructor(folder: string) {
    this.#folder = folder;
  }

  add({ key, path, size }: WholeFile): void {
    this.#isEmpty = false;
    this.#lines.push(JSON.stringify([key, relative(this.#folder, path), size]));
    this.#bytes += size;
    if (this.#lines.length >= MOST_FILES || this.#bytes >= MOST_BYTES) this.#write();
  }

  /** Moves the folder to where the next download looks for what it has, if it has anything. */
  async keep(keepFolder: string): Promise<void> {
    if (this.#isEmpty) return;
    try {
      this.#write();
    } finally {
      await keepPart(this.#folder, keepFolder);
    }
  }

  /** Takes the list away: everything has arrived. */
  async end(): Promise<void> {
    await rm(join(this.#folder, LIST), { force: true });
  }

  #write(): void {
    if (this.#lines.length > 0) appendFileSync(join(this.#folder, LIST), `${this.#lines.join('\n')}\n`);
    this.#lines = [];
    this.#bytes = 0;
  }
}

/** Keeps a folder that a download was filling, for the files in it that are whole. */
export async function keepPart(folder: string, keepFolder: string): Promise<void> {
  await mkdir(keepFolder, { recursive: true });
  try {
    await rename(folder, join(keepFolder, basename(folder)));
  } catch (error) {
    if (!isFileSystemError(error, 'ENOENT')) throw error; // another one has kept it already
  }
}

/** The files of a folder that have arrived in it. */
export async function wholeFiles(folder: string): Promise<WholeFile[]> {
  const found: WholeFile[] = [];
  const list = await orMissing(readFile(join(folder, LIST), 'utf8'), ['ENOENT', 'ENOTDIR']);
  for (const line of list?.split('\n') ?? []) {
    const { data } = lineSchema.safeParse(parse(line));
    if (data !== undefined) found.push({ key: data[0], path: join(folder, data[1]), size: data[2] });
  }
  return found;
}

/** Of the last line there may only be a part. */
function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
