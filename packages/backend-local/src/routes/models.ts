import { newModelSchema } from '@synapse-steps/backend/api';
import { z } from 'zod';
import { modelAnswer } from '../http/answers.js';
import { idOf, orderOf, pageOf } from '../http/page.js';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { addModel, deleteModel, getModel, type Model } from '../store/models.js';

const bodySchema = newModelSchema.extend({ chunked_upload: z.coerce.number().int().optional() });

/** Models, with the file that was sent in chunks before. */
export function addModelRoutes(app: App, { store, chunkedUploads, addresses, limits }: Served): void {
  const { database } = store;

  app.post('/models', async (context) => {
    const model = await addModel(store, chunkedUploads, await readJson(context, bodySchema, limits.jsonBytes));
    return context.json(modelAnswer(model, addresses), 201);
  });

  app.get('/models', (context) => {
    const name = context.req.query('name');
    const where = name === undefined ? '' : 'WHERE name = ?';
    const values = name === undefined ? [] : [name];
    const count =
      database.get<{ count: number }>(`SELECT COUNT(*) AS count FROM models ${where}`, ...values)?.count ?? 0;
    const select = `SELECT * FROM models ${where} ORDER BY id ${orderOf(context)} LIMIT ? OFFSET ?`;
    return context.json(
      pageOf(context, addresses.origin, {
        count,
        items: ({ limit, offset }) =>
          database.all<Model>(select, ...values, limit, offset).map((model) => modelAnswer(model, addresses)),
      }),
    );
  });

  app.get('/models/:id', (context) => context.json(modelAnswer(getModel(database, idOf(context)), addresses)));

  app.delete('/v2/models/:id', async (context) => {
    await deleteModel(store, idOf(context));
    return context.body(null, 204);
  });
}
