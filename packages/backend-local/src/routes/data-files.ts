import { dataFileRequestSchema, verifyChecksumsRequestSchema } from '@synapse-steps/backend/api';
import { dataFileAnswer } from '../http/answers.js';
import { idOf, orderOf, pageOf } from '../http/page.js';
import { announcedBytes, readJson } from '../http/read-body.js';
import { FORM_BYTES, readForm } from '../http/read-form.js';
import type { App, AppContext, Served } from '../http/served.js';
import { Problem } from '../problem.js';
import {
  addDataFile,
  type DataFile,
  deleteDataFile,
  findByChecksum,
  getDataFile,
  HAS_CHECKSUM,
} from '../store/data-files.js';
import { safeFilename } from '../store/safe-filename.js';

/** Data files, sent in one request or made of finished chunks. */
export function addDataFileRoutes(app: App, served: Served): void {
  const { store, addresses, limits } = served;
  const { database } = store;

  app.post('/data_files', async (context) => {
    const isForm = context.req.header('content-type')?.startsWith('multipart/form-data') === true;
    const file = isForm ? await receiveFile(context, served) : await useChunks(context, served);
    return context.json(dataFileAnswer(file, addresses), 201);
  });

  app.post('/data_files/verify_checksums', async (context) => {
    const { checksums } = await readJson(context, verifyChecksumsRequestSchema, limits.jsonBytes);
    const existing = checksums.filter((checksum) => findByChecksum(database, checksum) !== undefined);
    return context.json({ existing_checksums: existing });
  });

  app.get('/data_files', (context) => {
    const checksum = context.req.query('checksum')?.toLowerCase();
    const where = checksum === undefined ? '' : `WHERE ${HAS_CHECKSUM}`;
    const values = checksum === undefined ? [] : [checksum, checksum, checksum];
    const from = `FROM data_files JOIN contents ON contents.sha256 = data_files.content ${where}`;
    const count = database.get<{ count: number }>(`SELECT COUNT(*) AS count ${from}`, ...values)?.count ?? 0;
    const select = `SELECT data_files.*, contents.size ${from} ORDER BY data_files.id ${orderOf(context)} LIMIT ? OFFSET ?`;
    return context.json(
      pageOf(context, addresses.origin, {
        count,
        items: ({ limit, offset }) =>
          database.all<DataFile>(select, ...values, limit, offset).map((file) => dataFileAnswer(file, addresses)),
      }),
    );
  });

  app.get('/data_files/:id', (context) =>
    context.json(dataFileAnswer(getDataFile(database, idOf(context)), addresses)),
  );

  // Not in the original, which has no way to delete a data file.
  app.delete('/v2/data-files/:id', async (context) => {
    await deleteDataFile(store, idOf(context));
    return context.body(null, 204);
  });
}

async function receiveFile({ env: { incoming } }: AppContext, { store, limits }: Served): Promise<DataFile> {
  store.contents.checkRoom(announcedBytes(incoming, limits.fileBytes + FORM_BYTES));
  const { file } = await readForm(incoming, async ({ filename, source }) => {
    const name = safeFilename(filename);
    return await store.contents.store(source, limits.fileBytes, ({ sha256, md5 }) =>
      addDataFile(store.database, { name, checksum: md5, content: sha256 }),
    );
  });
  if (file === undefined) throw new Problem(400, { file: ['No file was submitted.'] });
  return file;
}

async function useChunks(context: AppContext, { store, limits, chunkedUploads }: Served): Promise<DataFile> {
  const { chunked_upload: given } = await readJson(context, dataFileRequestSchema, limits.jsonBytes);
  const { database } = store;
  return await database.write(() => {
    const upload = chunkedUploads.get(Number(given));
    if (upload.data_file !== null) return getDataFile(database, upload.data_file); // the same request again
    const { md5, sha256 } = chunkedUploads.contentOf(upload);
    const file = addDataFile(database, { name: safeFilename(upload.filename), checksum: md5, content: sha256 });
    database.run('UPDATE chunked_uploads SET data_file = ?, content = NULL WHERE id = ?', file.id, upload.id);
    return file;
  });
}
