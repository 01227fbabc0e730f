import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendClient, JobReporter } from '@synapse-steps/backend';
import { startLocalBackend } from '@synapse-steps/backend-local';
import { RuntimeContext } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { z } from 'zod';

import { folderOf } from '../../test/start-test-backend.js';
import { DefaultUploadAction, uploadProportions } from '../default-upload-action.js';

const SEED = `
storages:
  - { name: pictures, location: . }
data_collections:
  - name: Pictures
    file_specifications:
      - { name: images, file_type: image, is_required: true, is_primary: true, extensions: [jpg] }
`;
const JPEG = Buffer.from([0xff, 0xd8, 0xff, 0xe0]);
const lineSchema = z.looseObject({ event: z.string(), data: z.record(z.string(), z.unknown()) });
const pageSchema = z.object({ next: z.string().nullable(), results: z.array(lineSchema) });
const entriesSchema = z.array(z.object({ original_file_name: z.string() }));

describe('a job that an upload is told to', () => {
  it.each([300, 2500])(
    'hears each of %i files once, in every list, and is as far as the upload says',
    async (count) => {
      const { client, storage } = await embeddedWith(count);
      const job = await makeJob(client.host);
      const reporter = new JobReporter(client, job);
      const params = { name: 'Batch', storage, data_collection: 1, path: 'set' };
      const host = new RuntimeContext({ client, logger: reporter, jobId: String(job) });
      await new DefaultUploadAction(params, host).run();
      expect(await reporter.close()).toMatchObject({ isComplete: true });
      const steps = Object.entries(uploadProportions).map(([name, proportion]) => [name, { proportion, percent: 100 }]);
      expect(await client.jobs.get(job)).toMatchObject({
        progress_record: { record: { steps: Object.fromEntries(steps) as object } },
      });
      const lines = await linesOf(client.host, job);
      const dataOf = (event: string) => lines.filter((line) => line.event === event).map(({ data }) => data);
      const keys = Array.from({ length: count }, (_, index) => `picture-${index}`).toSorted();
      for (const event of ['upload_data_file', 'upload_data_unit', 'DATA_UNIT_CREATED'])
        expect(dataOf(event), event).toHaveLength(count);
      for (const event of ['import_result', 'import_result_admin']) {
        const told = dataOf(event).flatMap(({ entries }) => entriesSchema.parse(entries));
        expect(told.map(({ original_file_name: name }) => name).toSorted()).toEqual(keys);
      }
    },
  );
});

async function embeddedWith(count: number): Promise<{ client: BackendClient; storage: number }> {
  const root = await folderOf({});
  const images = join(root, 'set/images');
  await mkdir(images, { recursive: true });
  for (let index = 0; index < count; index += 1)
    await writeFile(join(images, `picture-${index}.jpg`), Buffer.concat([JPEG, Buffer.from(`image ${index}`)]));
  await writeFile(join(root, 'seed.yaml'), SEED);
  const backend = await startLocalBackend({ dir: join(root, 'backend') });
  onTestFinished(() => backend.close());
  await backend.seed(join(root, 'seed.yaml'));
  const client = new BackendClient({ host: backend.url, token: 'any' });
  const storages = z.object({ results: z.array(z.object({ id: z.number(), name: z.string() })) });
  const { results } = storages.parse(await (await fetch(`${backend.url}/storages/`)).json());
  return { client, storage: results.find(({ name }) => name === 'pictures')?.id ?? 0 };
}

async function makeJob(host: string): Promise<number> {
  const answer = await fetch(`${host}/jobs/`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  return z.object({ id: z.number() }).parse(await answer.json()).id;
}

async function linesOf(host: string, job: number): Promise<z.infer<typeof lineSchema>[]> {
  const lines = [];
  let address: string | null = `${host}/logs/?job=${job}&page_size=1000`;
  while (address !== null) {
    const page: z.infer<typeof pageSchema> = pageSchema.parse(await (await fetch(address)).json());
    lines.push(...page.results);
    address = page.next;
  }
  return lines;
}
