import { join } from 'node:path';

import { defineStep } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';

import type { Fault } from '../../../../test-fixtures/backend/fault.js';
import { startEmbeddedBackend, type Embedded } from '../../test/start-embedded-backend.js';
import { contextFor, groupOf, uploadGroups, type UploadRun } from '../../test/upload-run.js';
import { DefaultUploadAction } from '../default-upload-action.js';
import type { FileGroup } from '../file-group.js';
import type { UploadContext } from '../upload-context.js';

const FILES = { 'a.jpg': 'image a', 'b.jpg': 'image b' };
const IN_COLLECTION = { data_collection: 1, creating_data_unit_max_retries: 1 };

const fails = defineStep<UploadContext>({
  name: 'mine',
  execute() {
    throw new Error('mine is broken');
  },
});

/** Groups as they are when a row of the metadata, or a step, says when they were made: the same in every run. */
function groupsMade(root: string, at: string): FileGroup[] {
  return ['a', 'b'].map((key) => {
    const group = groupOf({ images: join(root, `${key}.jpg`) });
    return { ...group, meta: { ...group.meta, created_at: at } };
  });
}

const unitsLost = (more: Partial<Fault>): Fault => ({ method: 'POST', path: '/data_units/', nth: 2, ...more });

const lost: readonly (readonly [string, readonly Fault[]])[] = [
  ['before the work', [unitsLost({})]],
  ['after the work', [unitsLost({ after: true })]],
  ['by a proxy that says 502, before the work', [unitsLost({ status: 502 })]],
  ['by a proxy that says 502, after the work', [unitsLost({ status: 502, after: true })]],
  ['always, before the work', [unitsLost({ times: 9 })]],
  [
    'and nobody can say what was there before',
    [unitsLost({ times: 9 }), { method: 'GET', path: '/data_units/', times: 1, status: 400 }],
  ],
  [
    'after the work, and nobody can say what was there before',
    [unitsLost({ times: 9, after: true }), { method: 'GET', path: '/data_units/', times: 1, status: 400 }],
  ],
];

/** Of two runs that look the same the second is in trouble. */
async function runTwice(
  faults: readonly Fault[],
  more: readonly (typeof fails)[],
  at = '2024-05-01',
): Promise<{
  embedded: Embedded;
  first: UploadRun;
  second: UploadRun;
  before: Awaited<ReturnType<Embedded['content']>>;
}> {
  const embedded = await startEmbeddedBackend(FILES, faults);
  const { client, root } = embedded;
  const first = await uploadGroups(contextFor(client, groupsMade(root, at), IN_COLLECTION));
  expect(first.report.status).toBe('succeeded');
  const before = await embedded.content();
  const second = await uploadGroups(contextFor(client, groupsMade(root, at), IN_COLLECTION), more);
  return { embedded, first, second, before };
}

describe('a run whose data units look like those of an earlier run, and whose answer is lost', () => {
  it.each(lost)('%s: leaves those of the earlier run when it is undone', async (_, faults) => {
    const { embedded, before, second } = await runTwice(faults, [fails]);
    expect(second.report.success).toBe(false);
    const after = await embedded.content();
    expect(after.units).toEqual(expect.arrayContaining([...before.units]));
    expect(after.files).toEqual(expect.arrayContaining([...before.files]));
    const named = second.report.rollback?.steps.flatMap(({ leftBehind }) => leftBehind) ?? [];
    if (named.length === 0) expect(after).toEqual(before);
  });

  it.each(lost)('%s: never takes those of the earlier run for its own', async (_, faults) => {
    const { embedded, first, second } = await runTwice(faults, []);
    const own = new Set(first.context.dataUnits.map(({ id }) => id));
    const { units } = await embedded.content();
    const made = second.context.dataUnits.map(({ id }) => id);
    expect(made.filter((id) => own.has(id))).toEqual([]);
    expect(units.map(({ id }) => id)).toEqual(expect.arrayContaining([...made, ...own]));
    const unknown = second.context.failedDataUnits.filter(({ isUnknown }) => isUnknown === true).length;
    expect(units.length - own.size - made.length).toBeLessThanOrEqual(unknown);
  });

  it('does so too when that time is still to come', async () => {
    const { embedded, before } = await runTwice([unitsLost({})], [fails], '2999-01-01T00:00:00.000Z');
    expect(await embedded.content()).toEqual(before);
  });
});

it('a column created_at of the metadata does not make the undo of a whole upload delete an earlier one', async () => {
  const picture = (name: string): Buffer => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from(name)]);
  const embedded = await startEmbeddedBackend({}, [unitsLost({})]);
  const { client, dir } = embedded;
  const { mkdir, writeFile } = await import('node:fs/promises');
  const set = join(dir, 'storage', 'set');
  await mkdir(join(set, 'images'), { recursive: true });
  for (const name of ['a', 'b']) await writeFile(join(set, 'images', `${name}.jpg`), picture(name));
  await writeFile(join(set, 'meta.csv'), 'file_name,created_at\na.jpg,2024-05-01\nb.jpg,2024-05-02\n');
  class Failing extends DefaultUploadAction {
    override setupSteps(registry: Parameters<DefaultUploadAction['setupSteps']>[0]) {
      super.setupSteps(registry);
      registry.insertAfter('generate_data_units', fails);
    }
  }
  const { RuntimeContext } = await import('@synapse-steps/core');
  const params = { name: 'B', storage: 1, data_collection: 1, path: 'set' };
  await new DefaultUploadAction(params, new RuntimeContext({ client })).run();
  const before = await embedded.content();
  expect(before.units).toHaveLength(2);
  await expect(new Failing(params, new RuntimeContext({ client })).run()).rejects.toThrow('mine is broken');
  expect(await embedded.content()).toEqual(before);
});
