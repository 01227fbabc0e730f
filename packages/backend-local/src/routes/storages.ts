import { storageSessionRequestSchema } from '@synapse-steps/backend/api';
import { idOf, pageOf } from '../http/page.js';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { notFound } from '../problem.js';
import { allDocuments, type Document, findDocument } from '../store/documents.js';
import type { Slice } from '../store/slice.js';

/** Storages: where the files to be uploaded are. */
export function addStorageRoutes(app: App, { store, addresses, limits }: Served): void {
  const find = (id: number): Document => {
    const storage = findDocument(store.database, 'storages', id);
    if (storage === undefined) throw notFound();
    return storage;
  };

  app.get('/storages', (context) => {
    const category = context.req.query('category');
    const all = allDocuments(store.database, 'storages').filter(
      (storage) => category === undefined || storage['category'] === category,
    );
    const items = ({ offset, limit }: Slice): Document[] => all.slice(offset, offset + limit);
    return context.json(pageOf(context, addresses.origin, { count: all.length, items }));
  });

  app.get('/storages/:id', (context) => context.json(find(idOf(context))));

  // A folder of this machine needs no credentials, so nothing of the session expires.
  app.post('/storages/:id/session', async (context) => {
    const { provider, configuration } = find(idOf(context));
    await readJson(context, storageSessionRequestSchema, limits.jsonBytes);
    return context.json({ provider, configuration, expires_at: null, contract_version: 1 });
  });
}
