import { basename, extname } from 'node:path';

import type { BackendClient } from '@synapse-steps/backend';
import { RuntimeContext, type BaseStep } from '@synapse-steps/core';
import { recordRun, type RecordedRun, type RecordRunOptions } from '@synapse-steps/core/testing';

import { BatchDataUnitStrategy } from '../src/data-units/batch-data-unit-strategy.js';
import type { FileGroup } from '../src/file-group.js';
import { GenerateDataUnitsStep } from '../src/steps/generate-data-units-step.js';
import { UploadFilesStep } from '../src/steps/upload-files-step.js';
import { UploadContext } from '../src/upload-context.js';
import { uploadParamsSchema, type UploadParamsInput } from '../src/upload-params.js';

const IMAGES = { name: 'images', is_required: true, extensions: ['jpg'], file_type: 'image', is_primary: true };
const LABELS = { name: 'labels', is_required: false, extensions: ['txt'], file_type: 'text', is_primary: false };

export interface UploadRun extends RecordedRun {
  readonly context: UploadContext;
}

/** A context as it is when the files are found and checked. */
export function contextFor(
  client: BackendClient,
  groups: readonly FileGroup[],
  params: Partial<UploadParamsInput> = {},
): UploadContext {
  const all = uploadParamsSchema.parse({ name: 'Test', storage: 1, data_collection: 5, path: 'set', ...params });
  const context = new UploadContext(new RuntimeContext({ client, params: JSON.parse(JSON.stringify(all)) as never }));
  context.startedAt = STARTED_AT;
  context.organizedFiles = [...groups];
  context.dataCollection = { id: 5, file_specifications: [IMAGES, LABELS] };
  return context;
}

/** Sends the groups and makes data units of them; `more` are steps after that. */
export async function uploadGroups(
  context: UploadContext,
  more: readonly BaseStep<UploadContext>[] = [],
  options: RecordRunOptions<UploadContext> = {},
): Promise<UploadRun> {
  const run = await recordRun([...uploadSteps(), ...more], context, options);
  return { ...run, context };
}

/** The two steps that change something on the backend, with short pauses. */
export function uploadSteps(): BaseStep<UploadContext>[] {
  const strategy = new BatchDataUnitStrategy({ retryDelayMs: 1 });
  return [new UploadFilesStep(), new GenerateDataUnitsStep({ strategy })];
}

const STARTED_AT = '2026-01-01T00:00:00.000Z';

/** A group of files: `{ images: '/…/a.jpg' }`. */
export function groupOf(files: Readonly<Record<string, string>>): FileGroup {
  const [first = ''] = Object.values(files);
  const key = basename(first, extname(first));
  const meta = {
    origin_file_stem: key,
    origin_file_extension: extname(first),
    created_at: STARTED_AT,
    data_unit_key: key,
  };
  return { key, files, meta };
}
