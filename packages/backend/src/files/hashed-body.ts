import { createHash, type Hash } from 'node:crypto';

import type { RequestBody } from '../http/request-body.js';
import type { UploadSource } from './upload-source.js';

/** What is sent, and its checksum, taken on the way: the file is read once. */
export interface HashedBody extends RequestBody {
  /** Of the latest time that it was read to its end; hex. */
  checksum(): string;
}

/** The whole source as a request body. @param algorithm such as `sha1` or `md5` */
export function hashedBody(source: UploadSource, algorithm: 'sha1' | 'md5', contentType?: string): HashedBody {
  let hash: Hash = createHash(algorithm);
  return {
    contentType,
    length: source.size,
    checksum: () => hash.copy().digest('hex'),
    async *read() {
      hash = createHash(algorithm); // each try starts again
      for await (const chunk of source.read()) {
        hash.update(chunk);
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
