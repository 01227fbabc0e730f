import { jobLogLineSchema } from '@synapse-steps/backend/api';
import { z } from 'zod';
import { orderOf, pageOf } from '../http/page.js';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import type { Slice } from '../store/slice.js';

const bodySchema = z.union([z.array(jobLogLineSchema), jobLogLineSchema]);

/** The log lines of jobs. */
export function addLogRoutes(app: App, { store: { database }, addresses, limits }: Served): void {
  app.post('/logs', async (context) => {
    const body = await readJson(context, bodySchema, limits.jsonBytes);
    const lines = Array.isArray(body) ? body : [body];
    const insert = 'INSERT INTO logs (job, body, created_at) VALUES (?, ?, ?)';
    const now = new Date().toISOString();
    const ids = await database.write(() =>
      lines.map((line) => database.run(insert, String(line.job), JSON.stringify(line), now)),
    );
    return context.json(
      ids.map((id, index) => ({ id, ...lines[index] })),
      201,
    );
  });

  app.get('/logs', (context) => {
    const job = context.req.query('job');
    const where = job === undefined ? '' : 'WHERE job = ?';
    const values = job === undefined ? [] : [job];
    const count = database.get<{ count: number }>(`SELECT COUNT(*) AS count FROM logs ${where}`, ...values)?.count ?? 0;
    const select = `SELECT id, body FROM logs ${where} ORDER BY id ${orderOf(context)} LIMIT ? OFFSET ?`;
    const items = ({ limit, offset }: Slice): object[] =>
      database
        .all<{ id: number; body: string }>(select, ...values, limit, offset)
        .map(({ id, body }) => ({ id, ...(JSON.parse(body) as object) }));
    return context.json(pageOf(context, addresses.origin, { count, items }));
  });
}
