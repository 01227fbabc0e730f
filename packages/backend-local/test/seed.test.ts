import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BackendUnderTest } from './backend-under-test.js';

const SEED = `
storages:
  - { name: here, location: ./pictures, is_default: true }
data_collections:
  - name: Digits
    file_specifications:
      - { name: image, file_type: image, is_required: true, extensions: [png] }
projects:
  - { name: By hand, data_collection: Digits, category: image }
plugin_releases:
  - { version: 1.0.0, plugin: { code: trainer } }
jobs:
  - { name: first, plugin_release: trainer 1.0.0 }
datasets:
  - name: Shapes
    events:
      - { category: train, files: { image_1: pictures/one.png }, data: { classification: { box: [cat] } } }
      - category: test
        files: { image_1: { path: pictures/two.png, file_type: image }, more: pictures/one.png }
        data: two.json
`;

it('makes what a file names, once', async () => {
  await using test = await withFiles();
  await test.seed(SEED);
  const file = join(test.folder, 'seed.yaml');
  const again = await test.backend.seed(file);
  expect(again.map(({ kind, id, created }) => [kind, id, created])).toEqual([
    ['storages', 2, false],
    ['data_collections', 1, false],
    ['projects', 1, false],
    ['plugin_releases', 1, false],
    ['jobs', 1, false],
    ['ground_truth_dataset_versions', 1, false],
  ]);
  const storages = (await test.ask('GET', 'storages/')).body.results;
  expect(storages.map((one) => [one.name, one.is_default])).toEqual([
    ['local', false],
    ['here', true],
  ]);
  expect(storages[1]?.configuration).toEqual({ location: join(test.folder, 'pictures') });
  expect((await test.ask('GET', 'data_collections/1/?expand=file_specifications')).body).toMatchObject({
    name: 'Digits',
    file_specifications: [{ name: 'image', is_required: true, is_primary: false, extensions: ['png'] }],
  });
  expect((await test.ask('GET', 'projects/1/')).body).toEqual({
    id: 1,
    name: 'By hand',
    data_collection: 1,
    category: 'image',
  });
  expect((await test.ask('GET', 'jobs/1/')).body).toMatchObject({ plugin_release: 1 });
  expect((await test.ask('GET', 'plugin_releases/1/?expand=plugin')).body).toMatchObject({
    version: '1.0.0',
    plugin: { code: 'trainer' },
  });
});

it('makes data sets that can be downloaded', async () => {
  await using test = await withFiles();
  await test.seed(SEED);
  const path =
    'sdk/ground_truth_events/?fields=category&fields=files&fields=data&expand=data&ground_truth_dataset_versions=1';
  const { body } = await test.ask('GET', `${path}&page_size=1`);
  expect(body).toMatchObject({ count: 2, next: expect.stringContaining('page=2') as string });
  expect(body.results[0]).toMatchObject({ id: 1, category: 'train', data: { classification: { box: ['cat'] } } });
  expect(body.results[0]?.files['image_1']).toMatchObject({ is_primary: true, file_type: 'image' });
  const { body: second } = await test.ask('GET', body.next ?? '');
  expect(second.results[0]?.data).toEqual({ from: 'a file' });
  expect((await test.ask('GET', second.results[0]?.files['image_1']?.url ?? '')).body).toBe('two');
  expect((await test.ask('GET', `${path}&category=test`)).body.count).toBe(1);
  const unknown = await test.ask('GET', path.replace('versions=1', 'versions=7'));
  expect([unknown.status, unknown.body]).toEqual([
    400,
    { ground_truth_dataset_versions: ['There is no dataset version 7.'] },
  ]);
  expect((await test.stored()).files).toHaveLength(2);
});

it.each([
  ['data_collections:\n  - name: A\n    file_specifications: none', ':3:5: data_collections.0.file_specifications: '],
  ['data_collections:\n  - file_specifications: []', ':2:5: data_collections.0.name: is missing'],
  [
    'data_collections:\n  - name: A\n    file_specs: []',
    ':3:5: data_collections.0.file_specs: there is no such key here',
  ],
  [
    'projects:\n  - { name: P, data_collection: None }',
    ":2:16: projects.0.data_collection: there is no data collection 'None'",
  ],
  ['jobs:\n  - { name: J, plugin_release: x 1 }', ":2:16: jobs.0.plugin_release: there is no release 'x 1'"],
  [
    'datasets:\n  - name: D\n    events: [{ files: { a: gone.png } }]',
    ':3:25: datasets.0.events.0.files.a: gone.png cannot be read',
  ],
  ['datasets:\n  - name: D\n    events: [{ files: { a: ../x.png } }]', 'datasets.0.events.0.files.a: ../x.png '],
  [
    'datasets:\n  - name: D\n    events: [{ files: { a: pictures } }]',
    'datasets.0.events.0.files.a: pictures is no file',
  ],
  [
    'datasets:\n  - name: D\n    events: [{ files: {}, data: pictures/one.png }]',
    'datasets.0.events.0.data: pictures/one.png is no JSON',
  ],
  ['projects: [\n', 'seed.yaml:2:1: '],
])('refuses %j where it is wrong, and makes nothing', async (text, expected) => {
  await using test = await withFiles();
  await expect(test.seed(text)).rejects.toMatchObject({
    code: 'seed_invalid',
    message: expect.stringContaining(expected) as string,
  });
  for (const kind of ['data_collections', 'projects', 'jobs', 'ground_truth_datasets']) {
    expect((await test.ask('GET', `${kind}/`)).body.count).toBe(0);
  }
  expect((await test.stored()).files).toEqual([]);
});

async function withFiles(): Promise<BackendUnderTest> {
  const test = await BackendUnderTest.open();
  await mkdir(join(test.folder, 'pictures'));
  await writeFile(join(test.folder, 'pictures/one.png'), 'one');
  await writeFile(join(test.folder, 'pictures/two.png'), 'two');
  await writeFile(join(test.folder, 'two.json'), '{"from": "a file"}');
  return test;
}
