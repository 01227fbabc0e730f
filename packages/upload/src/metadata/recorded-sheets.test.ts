import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, it } from 'vitest';
import { z } from 'zod';

import { temporaryFolder } from '../../test/temporary-folder.js';
import { UploadError } from '../upload-error.js';
import { SpreadsheetMetadataStrategy } from './spreadsheet-metadata-strategy.js';

const folder = join(import.meta.dirname, '../../../../test-fixtures/conformance/upload');

const vectorSchema = z.object({
  id: z.string(),
  given: z.object({
    files: z.record(z.string(), z.looseObject({ base64: z.string().optional(), text: z.string().optional() })),
  }),
  expect: z.object({
    steps: z
      .array(z.looseObject({ name: z.string(), error: z.string().optional(), data: z.unknown().optional() }))
      .optional(),
    logs: z.array(z.unknown()).optional(),
  }),
});

it('reads the sheets of the recorded uploads as the Python SDK did, or says the same words', async () => {
  const seen: string[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.json'))) {
    const vector = vectorSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    const sheet = Object.entries(vector.given.files).find(([path]) => /\.(?:xlsx|csv)$/u.test(path));
    const content = sheet?.[1].base64 ?? sheet?.[1].text;
    if (sheet === undefined || content === undefined) continue;
    seen.push(vector.id);
    const said = await reading(sheet[0], Buffer.from(content, sheet[1].base64 === undefined ? 'utf8' : 'base64'));
    const step = vector.expect.steps?.find((one) => one.name === 'process_metadata');
    const words = JSON.stringify([step?.error, vector.expect.logs]);
    if (typeof said === 'string') expect(words).toContain(JSON.stringify(said).slice(1, -1));
    else expect(step?.data).toEqual({ metadata: said });
  }
  expect(seen.length).toBeGreaterThanOrEqual(9);
});

/** What is in the sheet, or why it is not read. */
async function reading(path: string, content: Buffer): Promise<unknown> {
  await using place = await temporaryFolder();
  try {
    return await new SpreadsheetMetadataStrategy().read(await place.write(path, content));
  } catch (error) {
    if (UploadError.is(error)) return error.message;
    throw error;
  }
}
