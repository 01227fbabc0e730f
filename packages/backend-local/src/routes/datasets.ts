import { z } from 'zod';
import { readJson } from '../http/read-body.js';
import type { App, Served } from '../http/served.js';
import { addDatasetOfUnits } from '../store/dataset-of-units.js';

const newDatasetSchema = z.object({
  name: z.string().trim().min(1),
  events: z.array(
    z.object({
      data_unit: z.int().positive(),
      category: z.string().trim().min(1).default('train'),
      data: z.record(z.string(), z.unknown()).default({}),
    }),
  ),
});

/** The original makes data sets of what was annotated there; here whoever has annotations makes one of data units. */
export function addDatasetRoutes(app: App, { store, limits }: Served): void {
  app.post('/ground_truth_dataset_versions', async (context) => {
    const dataset = await readJson(context, newDatasetSchema, limits.jsonBytes);
    return context.json(await addDatasetOfUnits(store, dataset), 201);
  });
}
