import { finishChunksRequestSchema } from '@synapse-steps/backend/api';
import { chunkedUploadAnswer } from '../http/answers.js';
import { idOf } from '../http/page.js';
import { announcedBytes, readJson } from '../http/read-body.js';
import { FORM_BYTES, readForm } from '../http/read-form.js';
import type { App, AppContext, Served } from '../http/served.js';
import { Problem } from '../problem.js';
import type { Chunk, FirstChunk } from '../store/chunked-uploads.js';
import { safeFilename } from '../store/safe-filename.js';
import { TooLargeError } from '../store/store-error.js';

/** Files in chunks: PUT, PUT, …, and a POST that ends it. What has come so far outlives a restart. */
export function addChunkedUploadRoutes(app: App, served: Served): void {
  const { chunkedUploads, addresses, limits } = served;

  app.put('/chunked_upload', async (context) => {
    const chunkOf = readChunk(context, served);
    let begun: FirstChunk | undefined;
    const form = await readForm(context.env.incoming, async ({ source, filename }) => {
      begun = await chunkedUploads.begin(chunkOf(source));
      return { filename, chunk: begun };
    }).catch((error: unknown) => {
      if (begun !== undefined) chunkedUploads.drop(begun); // the chunk is whole, what should follow it is not
      throw error;
    });
    if (form.file === undefined) throw new Problem(400, { file: ['No file was submitted.'] });
    const { chunk, filename } = form.file;
    const upload = await chunkedUploads.record(chunk, safeFilename(form.fields.get('filename') ?? filename));
    return context.json(chunkedUploadAnswer(upload, addresses));
  });

  app.put('/chunked_upload/:id', async (context) => {
    const id = idOf(context);
    const chunkOf = readChunk(context, served);
    const { file } = await readForm(
      context.env.incoming,
      async ({ source }) => await chunkedUploads.append(id, chunkOf(source)),
    );
    if (file === undefined) throw new Problem(400, { file: ['No file was submitted.'] });
    return context.json(chunkedUploadAnswer(file, addresses));
  });

  app.post('/chunked_upload/:id', async (context) => {
    const { md5 } = await readJson(context, finishChunksRequestSchema, limits.jsonBytes);
    const { upload, content } = await chunkedUploads.finish(idOf(context), md5);
    return context.json(chunkedUploadAnswer(upload, addresses, content));
  });

  app.get('/chunked_upload/:id', (context) => {
    const upload = chunkedUploads.get(idOf(context));
    const content = upload.content === null ? undefined : chunkedUploads.contentOf(upload);
    return context.json(chunkedUploadAnswer(upload, addresses, content));
  });

  // Not in the original, which has no way to delete one.
  app.delete('/v2/chunked-uploads/:id', async (context) => {
    await chunkedUploads.delete(idOf(context));
    return context.body(null, 204);
  });
}

/** What the headers say of a chunk, to which only its bytes are missing. */
function readChunk(
  { env: { incoming } }: AppContext,
  { store, limits }: Served,
): (source: AsyncIterable<Uint8Array>) => Chunk {
  store.contents.checkRoom(announcedBytes(incoming, limits.fileBytes + FORM_BYTES));
  const header = incoming.headers['content-range'];
  const [, start, , total] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(header ?? '') ?? [];
  if (header !== undefined && start === undefined) {
    throw new Problem(400, `Content-Range must be like 'bytes 0-99/1000', not '${header.slice(0, 60)}'.`);
  }
  if (Number(total) > limits.fileBytes) throw new TooLargeError(limits.fileBytes);
  return (source) => ({
    source,
    start: start === undefined ? undefined : Number(start),
    total: total === undefined || total === '*' ? undefined : Number(total),
    limit: limits.fileBytes,
  });
}
