import { describe, expect, it } from 'vitest';

import { FileLedger, readFileLedger } from './file-ledger.js';
import { readUnitLedger, UnitLedger } from './unit-ledger.js';

describe('undo data', () => {
  const groups = Array.from({ length: 100_000 }, (_, index) => ({
    key: `picture-${index}`,
    files: { images: `/data/pictures/picture-${index}.jpg` },
    meta: {},
  }));

  it('of a hundred thousand data units is a few numbers', async () => {
    let saved: Record<string, unknown> = {};
    let largest = 0;
    const uploaded = groups.map(({ key }) => ({ key, files: {}, meta: { created_at: '2026-01-01T00:00:00Z' } }));
    const ledger = new UnitLedger(uploaded, {
      save: (undo) => {
        largest = Math.max(largest, JSON.stringify(undo).length);
        saved = { ...saved, ...undo };
        return Promise.resolve();
      },
      startedAt: '2026-01-01T00:00:00Z',
      newestUnit: () => Promise.reject(new Error('It need not be asked.')),
    });
    for (let from = 0; from < uploaded.length; from += 200) {
      const batch = uploaded.slice(from, from + 200);
      await ledger.willCreate(batch);
      await ledger.created(batch.map(({ key }, index) => ({ id: 1000 + from + index, key })));
    }
    expect(JSON.stringify(saved).length).toBeLessThan(200);
    expect(largest).toBeLessThan(200);
    const { ids, maybe } = readUnitLedger(saved);
    expect([ids.length, ids[0], ids.at(-1), maybe.length]).toEqual([100_000, 100_999, 1000, 0]);
  });

  it('of a hundred thousand files is little more than their checksums, and no save is large', async () => {
    let saved: Record<string, unknown> = {};
    let largest = 0;
    const ledger = new FileLedger(groups, (undo) => {
      largest = Math.max(largest, JSON.stringify(undo).length);
      saved = { ...saved, ...undo };
      return Promise.resolve();
    });
    const checksum = 'f'.repeat(40);
    for (let from = 0; from < groups.length; from += 200) {
      const batch = groups.slice(from, from + 200).map(({ files }) => ({ path: files.images }));
      await ledger.willStore(batch);
      await ledger.stored(batch.map(({ path }, index) => ({ path, checksum, id: from + index })));
    }
    expect(JSON.stringify(saved).length).toBeLessThan(70 * groups.length);
    expect(largest).toBeLessThan(20_000);
    const { stored, maybe } = readFileLedger(saved, groups);
    expect([stored.length, maybe.length]).toEqual([groups.length, 0]);
    expect(stored[0]).toEqual({ group: 99_999, path: '/data/pictures/picture-99999.jpg', checksum, id: 99_999 });
  });

  it('of files that come one by one stays in short blocks', async () => {
    let saved: Record<string, unknown> = {};
    let largest = 0;
    const ledger = new FileLedger(groups, (undo) => {
      largest = Math.max(largest, JSON.stringify(undo).length);
      saved = { ...saved, ...undo };
      return Promise.resolve();
    });
    for (const { files } of groups.slice(0, 200)) {
      await ledger.willStore([{ path: files.images }]);
      await ledger.stored([{ path: files.images, checksum: 'f'.repeat(32), id: 1 }]);
    }
    expect(largest).toBeLessThan(2500);
    expect(readFileLedger(saved, groups).stored).toHaveLength(200);
  });
});
