import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject, RunReport } from '@synapse-steps/core';
import { MemoryJournal } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';
import { exchangePath } from '../src/exchange/host-exchange.js';
import { openFixture, SERVED_FAULTS } from './open-fixture.js';
import { openScript } from './open-script.js';
import { runSteps } from './run-steps.js';

const table = new Uint8Array(100_000).map((_value, index) => index);
const values: Readonly<Record<string, unknown>> = {
  'a long text': 'é"\\'.repeat(200_000),
  'a long list': Array.from({ length: 60_000 }, (_value, index) => index / 7),
  'many bytes': table,
  'few bytes': table.slice(0, 10),
  'bytes in something long': { table, rows: ['x'.repeat(300_000), { $file: 'mine', $int: 'mine' }, 2n ** 70n] },
};

describe('what is too large for a message, or has no words in JSON', () => {
  it.each(Object.entries(values))(
    'crosses to Python and back, as data, undo data and a field: %s',
    async (_title, there) => {
      const { session } = await openFixture('exchange.py', { limits: { maxFrameBytes: 1_000_000 } });
      const journal = new MemoryJournal();
      const { report, context } = await runSteps(session, ['echo'], { fields: { there } as JsonObject, journal });
      expect(context['back']).toEqual(there);
      expect(dataOf(report, 'there')).toEqual(there);
      expect(filesOf(session.id)).toEqual([]);
    },
  );

  it('is there for the undo of a step, too', async () => {
    const { session } = await openFixture('exchange.py');
    const { context } = await runSteps(session, ['echo', 'use'], { fields: { there: table as never } });
    expect(context['undone']).toEqual(['bytes', true]);
  });

  it('crosses to a Node plugin and back', async () => {
    const { session } = await openFixture(SERVED_FAULTS);
    const text = 'ü'.repeat(5_000_000);
    const { report, context } = await runSteps(session, ['echo'], { fields: { there: text } });
    expect(context['back']).toBe(text);
    expect(dataOf(report, 'text')).toBe(text);
    expect(filesOf(session.id)).toEqual([]);
  });

  it('may be many small values together', async () => {
    const { session } = await openFixture('exchange.py', { limits: { maxFrameBytes: 1_100_000 } });
    const fields = Object.fromEntries(Array.from({ length: 20 }, (_v, at) => [`f${at}`, 'x'.repeat(100_000)]));
    const { error } = await runSteps(session, ['echo'], { fields: { ...fields, there: 1 } });
    expect(error).toBeUndefined();
  });

  it('stays in the message for a plugin that takes no files, and where they are switched off', async () => {
    const { session } = await openScript(`
      plugin([{ name: 'work' }], { execute: ({ id, params }) => result(id, { success: true, data: { seen: typeof params.context.full.there } }) });`);
    const { report } = await runSteps(session, ['work'], { fields: { there: 'x'.repeat(500_000) } });
    expect(report.steps[0]?.data).toEqual({ seen: 'string' });
    const { session: off } = await openFixture('exchange.py', { limits: { maxFileBytes: 0 } });
    const { context } = await runSteps(off, ['echo'], { fields: { there: table as never } });
    expect(context['back']).toEqual(table);
  });

  it('is bounded together: a step whose message would bring more is not begun', async () => {
    const { session } = await openFixture('exchange.py', { limits: { maxFileBytes: 50_000 } });
    const { error } = await runSteps(session, ['echo'], { fields: { there: table as never } });
    expect(error?.cause).toMatchObject({
      code: 'file_unusable',
      outcomeUnknown: false,
      details: { pointer: '/context/full/there' },
    });
  });

  it('fails its step in clear words when there is no room for it, and keeps its undo data', async () => {
    const { session } = await openFixture('exchange.py');
    const { error, context } = await runSteps(session, ['full']);
    expect(error?.message).toContain('could not be written into the exchange folder');
    expect(error?.cause).toMatchObject({ code: 'resource_exhausted' });
    expect(context['undone']).toEqual({ kept: 1 });
  });

  it('becomes null where a step wants that of NaN', async () => {
    const { session } = await openFixture('exchange.py');
    const { report, context } = await runSteps(session, ['nan']);
    expect([context['loss'], report.steps[0]?.data]).toEqual([[1.5, null, null], { loss: null }]);
  });
});

describe('a reference that a plugin makes up', () => {
  it.each([
    ['leads out of the folder', { $file: '../../etc/passwd' }],
    ['names nothing', { $file: 'none' }],
    ['is in a wrong shape', { $file: 7 }],
  ])('fails its step when it %s, with the place, and the plugin lives on', async (_title, tag) => {
    const said = JSON.stringify({ ...tag, bytes: 1, sha256: 'a'.repeat(64) });
    const { session } = await openScript(`
      plugin([{ name: 'work' }], { execute: ({ id }) => result(id, { success: true, data: { rows: [1, ${said}] } }) });`);
    const { pid } = session;
    const { error } = await runSteps(session, ['work']);
    expect(error?.cause).toMatchObject({
      code: 'bad_file',
      outcomeUnknown: true,
      details: { pointer: '/data/rows/1' },
    });
    expect(session.pid).toBe(pid);
  });

  it('ends its plugin when undo data hang on it', async () => {
    const { session } = await openScript(`
      plugin([{ name: 'work', rollback: true }], {
        execute: ({ id }) => notify('undo', { id, seq: 1, data: { a: { $file: 'none', bytes: 1, sha256: '${'a'.repeat(64)}' } } }),
        rollback: ({ id }) => result(id, { outcome: 'undone' }) });`);
    const { error } = await runSteps(session, ['work']);
    expect(error?.message).toContain('the file at /data/a');
  });

  it('is refused as well when the tag is another one', async () => {
    const { session } = await openScript(`
      plugin([{ name: 'work' }], { execute: ({ id }) => result(id, { success: true, data: { n: { $int: 'many' } } }) });`);
    const { error } = await runSteps(session, ['work']);
    expect(error?.cause).toMatchObject({ code: 'protocol_violation' });
    expect(error?.message).toContain('/n');
  });
});

describe('the exchange folder', () => {
  it('is removed with the last session, whatever plugins left in it', async () => {
    const { session: one } = await openFixture('exchange.py');
    const { session: other } = await openFixture('exchange.py');
    const { report } = await runSteps(one, ['litter']);
    const folder = dataOf(report, 'folder') as string;
    expect(folder).toBe(exchangePath());
    await one.close();
    expect([existsSync(join(folder, one.id)), existsSync(join(folder, other.id))]).toEqual([false, true]);
    await other.close();
    expect([existsSync(folder), exchangePath()]).toEqual([false, undefined]);
  });
});

function filesOf(session: string): string[] {
  return readdirSync(join(exchangePath() ?? '', session));
}

function dataOf({ steps }: RunReport, name: string): unknown {
  return (steps[0]?.data as Record<string, unknown> | undefined)?.[name];
}
