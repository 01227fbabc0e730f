import { jobUpdateSchema } from '@synapse-steps/backend/api';
import { z } from 'zod';
import { idOf, pageOf } from '../http/page.js';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { notFound } from '../problem.js';
import { addDocument, allDocuments, findDocument, putDocument } from '../store/documents.js';
import type { Slice } from '../store/slice.js';

const newJobSchema = z.looseObject({ plugin_release: z.int().optional(), action: z.string().optional() });

/** Jobs, with their progress and metrics. */
export function addJobRoutes(app: App, { store, addresses, limits }: Served): void {
  const { database } = store;

  app.get('/jobs', (context) => {
    const all = allDocuments(database, 'jobs');
    const items = ({ offset, limit }: Slice): object[] => all.slice(offset, offset + limit);
    return context.json(pageOf(context, addresses.origin, { count: all.length, items }));
  });

  // The original starts a job when somebody runs a plugin there; here whoever runs something makes one.
  app.post('/jobs', async (context) => {
    const { id: _, ...job } = await readJson(context, newJobSchema, limits.jsonBytes);
    const now = new Date().toISOString();
    return context.json(
      await database.write(() => addDocument(database, 'jobs', { status: 'PENDING', ...job, created_at: now })),
      201,
    );
  });

  app.get('/jobs/:id', (context) => {
    const job = findDocument(database, 'jobs', idOf(context));
    if (job === undefined) throw notFound();
    return context.json(job);
  });

  app.patch('/jobs/:id', async (context) => {
    const update = await readJson(context, jobUpdateSchema, limits.jsonBytes);
    const job = await database.write(() => {
      const before = findDocument(database, 'jobs', idOf(context));
      if (before === undefined) throw notFound();
      return putDocument(database, 'jobs', { ...before, ...update });
    });
    return context.json(job);
  });
}
