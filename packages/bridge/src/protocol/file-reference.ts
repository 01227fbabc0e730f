import { z } from 'zod';

/** A name of a file below the exchange folder that cannot lead out of it. */
export const EXCHANGE_NAME = /^(?=.{1,255}$)[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

/** Stands in the place of a value that is in a file. Whoever reads the message checks, takes and removes the file. */
export const fileReferenceSchema = z
  .looseObject({
    /** Its name relative to `exchange_dir`. */
    $file: z.string().regex(EXCHANGE_NAME, { error: 'must be a name below the exchange folder' }),
    bytes: z.int().min(0),
    sha256: z.string().regex(/^[\da-f]{64}$/, { error: 'must be a SHA-256 in lower case' }),
    /** `application/json` for a value, anything else for bytes. */
    media: z.string().default('application/octet-stream'),
  })
  .meta({ id: 'FileReference' });

/** Stands in the place of a value that is in a file. */
export type FileReference = z.infer<typeof fileReferenceSchema>;

/** The media type of a file that holds one JSON value. */
export const JSON_MEDIA = 'application/json';
/** The media type of a file that holds bytes. */
export const BYTES_MEDIA = 'application/octet-stream';
