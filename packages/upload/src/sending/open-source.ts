import { fileSource, type UploadSource } from '@synapse-steps/backend';

/** Files of up to so many bytes are held in memory from the first look at them until they are sent. */
export const SMALL_BYTES = 64 * 1024;

/**
 * A file as it is now. A small one is read at once, so that whoever looks at its content before it is sent reads it but
 * once; a batch of them is a few megabytes.
 *
 * @throws BackendError `file_not_readable`, or `file_changed` when it is being written to
 */
export async function openSource(
  path: string,
  { looksFirst }: { readonly looksFirst: boolean },
): Promise<UploadSource> {
  return await fileSource(path, looksFirst ? { holdUpTo: SMALL_BYTES } : {});
}
