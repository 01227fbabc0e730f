import { expect, it } from 'vitest';
import { BackendUnderTest, COLLECTION, digest } from './backend-under-test.js';

const VERSIONS = 'ground_truth_dataset_versions/';

it('makes a data set of data units, which keeps their files', async () => {
  await using test = await BackendUnderTest.open();
  await addUnits(test, 'one', 'two');
  const data = { images: [{ classification: [{ classification: 'cat' }] }] };
  const events = [{ data_unit: 2, category: 'test', data }, { data_unit: 1 }];
  const { status, body } = await test.ask('POST', VERSIONS, { name: 'Pictures', events });
  expect([status, body]).toEqual([201, expect.objectContaining({ id: 1, name: 'Pictures', version: '1' })]);
  expect((await test.ask('GET', `${VERSIONS}1/`)).body).toEqual(body);

  for (const unit of [1, 2]) await test.ask('DELETE', `v2/data-units/${unit}/`);
  for (const file of [1, 2]) await test.ask('DELETE', `v2/data-files/${file}/`);
  const { results } = (await test.ask('GET', 'sdk/ground_truth_events/?ground_truth_dataset_versions=1')).body;
  expect(results.map(({ data: annotations, ...event }) => [event, annotations])).toEqual([
    [expect.objectContaining({ category: 'test' }), data],
    [expect.objectContaining({ category: 'train' }), {}],
  ]);
  expect(results[0]?.files['image']).toMatchObject({ is_primary: true, file_type: 'image' });
  expect((await test.ask('GET', results[0]?.files['image']?.url ?? '')).body).toBe('two');
});

it('makes nothing of a data set that is wrong, and says where', async () => {
  await using test = await BackendUnderTest.open();
  await addUnits(test, 'one');
  const post = async (dataset: unknown) => await test.ask('POST', VERSIONS, dataset);
  const unknown = await post({ name: 'Pictures', events: [{ data_unit: 1 }, { data_unit: 7 }] });
  expect([unknown.status, unknown.body]).toEqual([400, { 'events.1.data_unit': ['There is no data unit 7.'] }]);
  expect((await post({ events: [{ data_unit: 'x' }] })).body).toMatchObject({
    name: expect.any(Array) as unknown,
    'events.0.data_unit': expect.any(Array) as unknown,
  });
  expect((await test.ask('GET', VERSIONS)).body.count).toBe(0);

  expect((await post({ name: 'Pictures', events: [{ data_unit: 1 }] })).body.id).toBe(1);
  expect((await post({ name: 'Pictures', events: [] })).body).toEqual({
    name: ["There is a data set 'Pictures' already: version 1."],
  });
  expect((await test.ask('GET', 'sdk/ground_truth_events/?ground_truth_dataset_versions=1')).body.count).toBe(1);
});

it('gives each of the data sets that are made at once its own events', async () => {
  await using test = await BackendUnderTest.open();
  await addUnits(test, 'one');
  const names = ['a', 'b', 'c'];
  const made = await Promise.all(
    names.map(async (name) => await test.ask('POST', VERSIONS, { name, events: [{ data_unit: 1, category: name }] })),
  );
  for (const [index, { body }] of made.entries()) {
    const path = `sdk/ground_truth_events/?ground_truth_dataset_versions=${body.id}&category=${names[index]}`;
    expect((await test.ask('GET', path)).body.count).toBe(1);
  }
  expect(new Set(made.map(({ body }) => body.id)).size).toBe(3);
});

async function addUnits(test: BackendUnderTest, ...contents: readonly string[]): Promise<void> {
  await test.seed(COLLECTION);
  for (const content of contents) {
    await test.upload(Buffer.from(content));
    const files = { image: { checksum: digest('sha1', content), path: '/a.jpg' } };
    await test.ask('POST', 'data_units/', { data_collection: 1, files });
  }
}
