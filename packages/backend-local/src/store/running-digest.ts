import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** What is known of a file's bytes. Files are kept by `sha256`; clients compare by SHA-1 or MD5. */
export interface Content {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly size: number;
}

const ALGORITHMS = ['sha256', 'sha1', 'md5'] as const;

/** The digests of bytes that come in one after the other. A copy is a way back to before a part that broke off. */
export class RunningDigest {
  readonly #hashes: readonly Hash[];
  #size: number;

  constructor(hashes: readonly Hash[] = ALGORITHMS.map((name) => createHash(name)), size = 0) {
    this.#hashes = hashes;
    this.#size = size;
  }

  static async ofFile(file: string): Promise<RunningDigest> {
    const digest = new RunningDigest();
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) digest.update(chunk as Buffer);
    return digest;
  }

  get size(): number {
    return this.#size;
  }

  update(bytes: Uint8Array): void {
    for (const hash of this.#hashes) hash.update(bytes);
    this.#size += bytes.byteLength;
  }

  copy(): RunningDigest {
    return new RunningDigest(
      this.#hashes.map((hash) => hash.copy()),
      this.#size,
    );
  }

  /** Ends it: nothing can be added afterwards. */
  content(): Content {
    const [sha256 = '', sha1 = '', md5 = ''] = this.#hashes.map((hash) => hash.digest('hex'));
    return { sha256, sha1, md5, size: this.#size };
  }
}
