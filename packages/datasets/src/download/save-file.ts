import { open, writeFile, type FileHandle } from 'node:fs/promises';

/** As much is held before it is written: a picture of a usual size is one call, and a large file takes no more memory. */
const MOST_HELD = 256 * 1024;

export interface SavedFile {
  /** In bytes. */
  readonly size: number;
  /** Its first bytes, at most some hundred kilobytes. */
  readonly start: Uint8Array;
}

/**
 * Writes what arrives to a file, which is opened once. Whatever was there before is written over.
 *
 * It waits for the disk, also with small files: to make a file takes longer than to write it, and others arrive meanwhile.
 */
export async function saveFile(chunks: AsyncIterable<Uint8Array>, path: string): Promise<SavedFile> {
  const saving = new Saving(path);
  try {
    for await (const chunk of chunks) await saving.add(chunk);
    return await saving.finish();
  } finally {
    await saving.close();
  }
}

class Saving {
  readonly #path: string;
  #file: FileHandle | undefined;
  #held: Uint8Array[] = [];
  #heldSize = 0;
  #size = 0;
  #start: Uint8Array | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async add(chunk: Uint8Array): Promise<void> {
    this.#held.push(chunk);
    this.#heldSize += chunk.length;
    if (this.#heldSize < MOST_HELD) return;
    const bytes = this.#take();
    this.#file ??= await open(this.#path, 'w');
    await this.#file.writeFile(bytes); // goes on where the last one ended
  }

  async finish(): Promise<SavedFile> {
    const bytes = this.#take();
    await writeFile(this.#file ?? this.#path, bytes);
    return { size: this.#size, start: this.#start ?? bytes };
  }

  async close(): Promise<void> {
    await this.#file?.close();
  }

  #take(): Uint8Array {
    const [first] = this.#held;
    const bytes = this.#held.length === 1 && first !== undefined ? first : Buffer.concat(this.#held);
    this.#held = [];
    this.#heldSize = 0;
    this.#size += bytes.length;
    this.#start ??= bytes;
    return bytes;
  }
}
