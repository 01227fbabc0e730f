import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What is shown of a `model.json`. */
const modelSchema = z.object({
  evaluation: z.object({
    accuracy: z.number(),
    classes: z.array(z.string()),
    confusion: z.array(z.array(z.number())),
  }),
});

/** The folders of all models that are registered. */
export async function versionsIn(output: string): Promise<string[]> {
  const names = existsSync(output) ? await readdir(output) : [];
  return names.map((name) => join(output, name)).filter((folder) => existsSync(join(folder, 'model.json')));
}

export async function readModel(folder: string): Promise<z.infer<typeof modelSchema>> {
  return modelSchema.parse(JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')));
}
