import { newDataUnitSchema } from '@synapse-steps/backend/api';
import { z } from 'zod';
import { dataUnitAnswer } from '../http/answers.js';
import { idOf, orderOf, pageOf, wholeNumber } from '../http/page.js';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { addDataUnits, deleteDataUnit, getDataUnits } from '../store/data-units.js';
import type { Slice } from '../store/slice.js';

const unitSchema = newDataUnitSchema.extend({ data_collection: z.coerce.number().int() });
const bodySchema = z.union([z.array(unitSchema), unitSchema]);

/** Data units: files bound together in a collection. */
export function addDataUnitRoutes(app: App, { store, addresses, limits }: Served): void {
  const { database } = store;
  const answer = (ids: readonly number[]): object[] =>
    getDataUnits(database, ids).map((unit) => dataUnitAnswer(unit, addresses));

  app.post('/data_units', async (context) => {
    const body = await readJson(context, bodySchema, limits.jsonBytes);
    const ids = await database.write(() => addDataUnits(database, Array.isArray(body) ? body : [body]));
    return context.json(answer(ids), 201);
  });

  app.get('/data_units', (context) => {
    const conditions = ['1'];
    const values: (string | number)[] = [];
    if (context.req.query('data_collection') !== undefined) {
      conditions.push('data_collection = ?');
      values.push(wholeNumber(context, 'data_collection', 1));
    }
    const checksum = context.req.query('checksum');
    if (checksum !== undefined) {
      conditions.push('EXISTS (SELECT 1 FROM unit_files WHERE unit = data_units.id AND checksum = ?)');
      values.push(checksum);
    }
    const from = `FROM data_units WHERE ${conditions.join(' AND ')}`;
    const count = database.get<{ count: number }>(`SELECT COUNT(*) AS count ${from}`, ...values)?.count ?? 0;
    const select = `SELECT id ${from} ORDER BY id ${orderOf(context)} LIMIT ? OFFSET ?`;
    const items = ({ limit, offset }: Slice): object[] =>
      answer(database.all<{ id: number }>(select, ...values, limit, offset).map(({ id }) => id));
    return context.json(pageOf(context, addresses.origin, { count, items }));
  });

  app.get('/data_units/:id', (context) => context.json(answer([idOf(context)])[0] ?? {}));

  app.delete('/v2/data-units/:id', async (context) => {
    await deleteDataUnit(store, idOf(context));
    return context.body(null, 204);
  });
}
