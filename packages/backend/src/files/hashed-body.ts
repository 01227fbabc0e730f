import { createHash } from 'node:crypto';

import type { RequestBody } from '../http/request-body.js';
import type { UploadSource } from './upload-source.js';

/** What is sent, and its checksum, taken on the way: the file is read once. */
export interface HashedBody extends RequestBody {
  /** Hex; undefined until it was read to its end once. That of a beginning would be another file's. */
  checksum(): string | undefined;
}

/** The whole source as a request body. @param algorithm such as `sha1` or `md5` */
export function hashedBody(source: UploadSource, algorithm: 'sha1' | 'md5', contentType?: string): HashedBody {
  let checksum = source.size === 0 ? createHash(algorithm).digest('hex') : undefined; // what is empty is never read
  return {
    contentType,
    length: source.size,
    checksum: () => checksum,
    async *read() {
      const hash = createHash(algorithm); // each try starts again
      let bytes = 0;
      for await (const chunk of source.read()) {
        hash.update(chunk);
        bytes += chunk.length;
        // Before the last chunk goes out: its answer may come before anybody asks for a next one.
        if (bytes === source.size) checksum = hash.copy().digest('hex');
        yield chunk;
      }
    },
  };
}

/** A body that tells how many bytes have been handed out, counted from its beginning. */
export function countedBody<Body extends RequestBody>(
  body: Body,
  onBytes: ((bytes: number) => void) | undefined,
): Body {
  if (!onBytes) return body;
  return {
    ...body,
    async *read() {
      let bytes = 0;
      for await (const chunk of body.read()) {
        yield chunk;
        onBytes((bytes += chunk.length));
      }
    },
  };
}
