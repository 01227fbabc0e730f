import { describe, expect, it } from 'vitest';
import { BaseStepContext } from '../context/base-step-context.js';
import { StepResult } from '../step/step-result.js';
import { defineStep } from '../step/define-step.js';
import type { RunEvent } from '../events/run-event.js';
import { MemoryJournal, recordRun } from '../testing/index.js';
import { copyJson, copyJsonObject, decodeJson, encodeJson, encodeJsonObject } from './json-value.js';

const roundTrip = (value: unknown): unknown => decodeJson(JSON.parse(JSON.stringify(encodeJson(value, 'x'))), 'x');

describe('values that JSON has no words for', () => {
  it('come back as they were: large integers, bytes, and whatever a user calls like a tag', () => {
    const values = {
      big: [10n, -(2n ** 200n), 0n],
      bytes: new Uint8Array([0, 255, 7]),
      none: new Uint8Array(),
      mine: { $int: '5', other: 1 },
      file: { $file: 'a.txt' },
      twice: { $$bytes: { $bytes: 'no base64' } },
      free: { $ref: '#/x', $integer: 1, $: 2, $$: 3 },
    };
    expect(roundTrip(values)).toEqual(values);
  });

  it('are written as an object with one key, and keys like it with one more $', () => {
    expect(encodeJson([2n ** 53n, new Uint8Array([1, 2]), { $int: '5' }], 'x')).toEqual([
      { $int: '9007199254740992' },
      { $bytes: 'AQI=' },
      { $$int: '5' },
    ]);
    expect(encodeJson(new Uint8Array([1, 2]).subarray(1), 'x')).toEqual({ $bytes: 'Ag==' });
  });

  it('are shown so too where nobody reads them back, with the keys as they are', () => {
    expect(copyJson({ n: 10n, $int: '5' }, 'x')).toEqual({ n: { $int: '10' }, $int: '5' });
  });

  it.each([
    ['an $int that is none', { $int: 'five' }],
    ['an $int with zeros before it', { $int: '007' }],
    ['an $int without end', { $int: '9'.repeat(4301) }],
    ['a $bytes that is no text', { $bytes: 7 }],
    ['a $bytes that is cut short', { $bytes: 'AQI' }],
    ['a $file that nobody has read', { $file: 'x' }],
  ])('are refused, with the place: %s', (_title, tag) => {
    expect(() => decodeJson({ rows: [tag] }, 'x')).toThrow(expect.objectContaining({ pointer: '/rows/0' }));
  });

  it('are no object where one is asked for', () => {
    expect(() => encodeJsonObject(new Uint8Array([1]), 'x')).toThrow('expected an object');
    expect(() => copyJsonObject(1n, 'x')).toThrow('expected an object');
  });
});

class Counted extends BaseStepContext {
  value: unknown;
}

describe('in a run', () => {
  const big = 2n ** 64n;
  const value = { big, $file: { bytes: new Uint8Array([9]) } };
  const json = { big: { $int: '18446744073709551616' }, $$file: { bytes: { $bytes: 'CQ==' } } };
  const undone: unknown[] = [];
  const steps = [
    defineStep<Counted>({
      name: 'a',
      execute: async (context) => {
        await context.saveUndo({ $int: big });
        context.value = value;
        return StepResult.ok({ rollbackData: { last: new Uint8Array([1]) as never } });
      },
      rollback: (context, result) => void undone.push(result.rollbackData, context.value),
    }),
    defineStep<Counted>({ name: 'b', execute: () => StepResult.fail('no') }),
  ];

  it('a context and undo data keep them, and what is recorded of them is JSON', async () => {
    const journal = new MemoryJournal();
    await recordRun(steps, new Counted(), { journal });
    expect(undone.splice(0)).toEqual([{ $int: big, last: new Uint8Array([1]) }, value]);
    expect(journal.events).toContainEqual(
      expect.objectContaining({ type: 'undo-saved', data: { $$int: { $int: String(big) } } }),
    );
    expect(journal.events).toContainEqual(
      expect.objectContaining({ type: 'context-change', patch: [{ op: 'add', path: '/value', value: json }] }),
    );
  });

  it('a run that another process goes on with has them too', async () => {
    const journal = new MemoryJournal();
    await recordRun(steps, new Counted(), { journal });
    undone.length = 0;
    const isBefore = ({ type }: RunEvent) => type !== 'rollback-start';
    const history = journal.events.slice(
      0,
      journal.events.findIndex((event) => !isBefore(event)),
    );
    await recordRun(steps, new Counted(), { journal: new MemoryJournal(), history, rollBack: true });
    expect(undone).toEqual([{ $int: big, last: new Uint8Array([1]) }, value]);
  });

  it('a field may have a name that looks like a tag', () => {
    const context = Object.assign(new BaseStepContext(), { $int: 7n });
    expect(context.toJSON()).toEqual({ $$int: { $int: '7' } });
  });
});
