import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { openedStore } from '../../test/opened-store.js';

it('stores nothing of a source that breaks off, nor of one whose rows are refused', async () => {
  await using test = openedStore();
  const { store } = test;
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('some');
    await Promise.resolve();
    throw new Error('it broke off');
  }
  await expect(store.contents.store(broken(), 100, () => 1)).rejects.toThrow('it broke off');
  const refuse = (): never => {
    throw new Error('refused');
  };
  await expect(store.contents.store(Readable.from([Buffer.from('whole')]), 100, refuse)).rejects.toThrow('refused');
  await expect(store.contents.store(Readable.from([Buffer.from('whole')]), 4, () => 1)).rejects.toThrow(
    'More than 4 bytes',
  );
  await store.contents.store(Readable.from([Buffer.from('nobody points to it')]), 100, () => 1);
  expect(readdirSync(join(store.dir, 'files'))).toEqual([]);
  expect(readdirSync(join(store.dir, 'incoming'))).toEqual([]);
  expect(store.database.all('SELECT * FROM contents')).toEqual([]);
});

it('gives each write of one commit its own answer, and keeps nothing of one that throws', async () => {
  await using test = openedStore();
  const { database } = test.store;
  const write = async (name: string, fails = false): Promise<number> =>
    await database.write(() => {
      const id = database.run('INSERT INTO models (name, body, created_at) VALUES (?, ?, ?)', name, '{}', '');
      if (fails) throw new Error(`${name} fails`);
      return id;
    });
  const outcomes = await Promise.allSettled([write('a'), write('b', true), write('c')]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(database.all('SELECT name FROM models ORDER BY id')).toEqual([{ name: 'a' }, { name: 'c' }]);
});

it('says to all writes of one commit that the disk is full, when SQLite took everything back because of it', async () => {
  await using test = openedStore();
  const { database } = test.store;
  const full = Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
  const failing = database.write(() => {
    database.exec('ROLLBACK'); // as SQLite does by itself then
    throw full;
  });
  const outcomes = await Promise.allSettled([database.write(() => 1), failing, database.write(() => 3)]);
  expect(outcomes).toEqual([0, 1, 2].map(() => ({ status: 'rejected', reason: full })));
  expect(await database.write(() => 4)).toBe(4);
});
