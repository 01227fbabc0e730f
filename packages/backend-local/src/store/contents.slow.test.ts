import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openedStore } from '../../test/opened-store.js';
import { addDataFile, deleteDataFile } from './data-files.js';
import type { Store } from './open-store.js';

it('keeps each content while something points to it, whatever is stored and deleted at the same time', async () => {
  const steps = fc.array(fc.record({ content: fc.nat(2), keeps: fc.boolean(), waits: fc.nat(3) }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(steps, async (lives) => {
      await using test = openedStore();
      const { store } = test;
      await Promise.all(lives.map(async (life) => await live(store, life)));
      const rows = store.database.all<{ content: string }>('SELECT content FROM data_files');
      expect(rows).toHaveLength(lives.filter(({ keeps }) => keeps).length);
      const named = [...new Set(rows.map(({ content }) => content))].toSorted();
      expect(readdirSync(join(store.dir, 'files')).toSorted()).toEqual(named);
      expect(store.database.all('SELECT sha256 FROM contents ORDER BY sha256')).toEqual(
        named.map((sha256) => ({ sha256 })),
      );
      for (const name of named) expect(sha256Of(readFileSync(store.contents.fileOf(name)))).toBe(name);
      expect(readdirSync(join(store.dir, 'incoming'))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

interface Life {
  readonly content: number;
  readonly keeps: boolean;
  /** How many turns of the event loop go by before it is deleted. */
  readonly waits: number;
}

async function live(store: Store, { content, keeps, waits }: Life): Promise<void> {
  const bytes = Buffer.from(`content ${content}`);
  const { id } = await store.contents.store(Readable.from([bytes]), 100, ({ sha256, sha1 }) =>
    addDataFile(store.database, { name: 'x', checksum: sha1, content: sha256 }),
  );
  if (keeps) return;
  for (let turn = 0; turn < waits; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  await deleteDataFile(store, id);
}

function sha256Of(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
