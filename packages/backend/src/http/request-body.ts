/** What is sent with a request. It is read from its beginning each time, because a request may be repeated. */
export interface RequestBody {
  readonly contentType: string | undefined;
  /** Bytes; sent as Content-Length, which object stores insist on. */
  readonly length: number;
  read(): AsyncIterable<Uint8Array>;
}

/** A value as JSON. */
export function jsonBody(value: unknown): RequestBody {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  return { contentType: 'application/json', length: bytes.length, read: () => oneChunk(bytes) };
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  await Promise.resolve(); // so that a reader which stops at once has asked for nothing
  yield bytes;
}
