import { expect, it } from 'vitest';

import type { DataUnit, NewDataUnit } from '../api/data-unit.js';
import { findStoredUnits } from './find-stored-units.js';

const unit = (key: string, checksum = 'c'): NewDataUnit => ({
  data_collection: 5,
  files: { image: { checksum } },
  meta: { key, nested: { list: [1, { a: 2 }] } },
});
const stored = (id: number, item: NewDataUnit): DataUnit => ({ id, ...item });

async function* listed(...units: readonly DataUnit[]): AsyncGenerator<DataUnit> {
  yield* await Promise.resolve(units);
}

it('finds units by their files and meta, whatever else the backend adds', async () => {
  const other = { ...stored(3, unit('a')), meta: { ...unit('a').meta, added: true }, created_at: 'now' };
  const found = await findStoredUnits([unit('a'), unit('b')], () => listed(stored(9, unit('z')), other));
  expect(found).toEqual({ stored: [other], absent: [unit('b')], isClear: true });
});

it.each([
  ['another checksum', stored(1, unit('a', 'other'))],
  ['another value deep in its meta', { ...stored(1, unit('a')), meta: { key: 'a', nested: { list: [1, { a: 3 }] } } }],
  ['no meta', { id: 1, files: { image: { checksum: 'c' } } }],
])('does not take one with %s for it', async (_, other) => {
  expect(await findStoredUnits([unit('a')], () => listed(other))).toMatchObject({ stored: [], isClear: true });
});

it('takes one unit of the backend for one only: two equal ones need two', async () => {
  const found = await findStoredUnits([unit('a'), unit('a')], () => listed(stored(1, unit('a'))));
  expect(found).toMatchObject({ stored: [{ id: 1 }], absent: [unit('a')], isClear: true });
});

it('goes by the meta where the backend does not list checksums', async () => {
  const found = await findStoredUnits([unit('a')], () => listed({ id: 1, meta: unit('a').meta, files: ['image'] }));
  expect(found).toMatchObject({ stored: [{ id: 1 }], absent: [] });
});

it('is not clear without a meta, even if one with the same files is there', async () => {
  const bare = { data_collection: 5, files: { image: { checksum: 'c' } } };
  expect(await findStoredUnits([bare], () => listed())).toMatchObject({ absent: [bare], isClear: false });
  expect(await findStoredUnits([bare], () => listed({ id: 1, files: bare.files }))).toMatchObject({ isClear: false });
});

it('looks at a thousand units, and says that it is not clear when there are more', async () => {
  let read = 0;
  async function* many(): AsyncGenerator<DataUnit> {
    for (; read < 5000; read += 1) yield await Promise.resolve(stored(read, unit(`other-${read}`)));
  }
  expect(await findStoredUnits([unit('a')], many)).toMatchObject({ stored: [], isClear: false });
  expect(read).toBe(999); // the thousandth was the last one that was looked at
});

it('looks in each collection for its own', async () => {
  const asked: unknown[] = [];
  const units = [unit('a'), { ...unit('a'), data_collection: 6 }];
  const found = await findStoredUnits(units, (collection) => {
    asked.push(collection);
    return listed(stored(Number(collection), unit('a')));
  });
  expect(asked).toEqual([5, 6]);
  expect(found).toMatchObject({ stored: [{ id: 5 }, { id: 6 }], absent: [], isClear: true });
});
