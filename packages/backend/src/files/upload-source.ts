/** Something that can be sent: a file, or bytes. It can be read more than once, because a request may be repeated. */
export interface UploadSource {
  /** The name that the backend is told. */
  readonly name: string;
  /** Bytes; exactly so many are read. */
  readonly size: number;
  /** @param range bytes from `start` to before `end`; default: all */
  read(range?: ByteRange): AsyncIterable<Uint8Array>;
}

export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Bytes that are in memory already. */
export function bytesSource(name: string, bytes: Uint8Array): UploadSource {
  return {
    name,
    size: bytes.length,
    async *read({ start, end } = { start: 0, end: bytes.length }) {
      await Promise.resolve();
      if (end > start) yield bytes.subarray(start, end);
    },
  };
}
