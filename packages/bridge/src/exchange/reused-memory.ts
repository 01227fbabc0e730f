/**
 * Memory for one file after the other. Megabytes that come fresh from the system are fetched page by page, which takes longer
 * than reading a file into them.
 */
class ReusedMemory {
  #block = Buffer.alloc(0);

  /** So many bytes with anything in them. They belong to whoever asks, until somebody asks again. */
  take(bytes: number): Buffer {
    if (bytes > LARGEST) return Buffer.allocUnsafeSlow(bytes);
    if (bytes > this.#block.length) {
      this.#block = Buffer.allocUnsafeSlow(Math.min(LARGEST, Math.max(bytes, 2 * this.#block.length)));
    }
    return this.#block.subarray(0, bytes);
  }
}

/** What is kept at most. */
const LARGEST = 8 * 1024 * 1024;

/** For files that are written, or read and parsed, before anything else happens. */
export const memoryForFiles = new ReusedMemory();
