import { MemoryJournal } from '@synapse-steps/core/testing';
import { describe, expect, it } from 'vitest';
import { openScript } from '../test/open-script.js';
import { runSteps } from '../test/run-steps.js';

/** A plugin of one step that can be undone, and tells the context what its undo was given. */
function undoable(execute: string): string {
  return `
    const steps = [{ name: 'work', rollback: true }];
    const undo = (id, seq, data, patch) => notify('undo', { id, seq, data, patch });
    const at = (path, value) => ({ op: 'add', path, value });
    const rollback = ({ id, params }) => result(id, { outcome: 'undone', patch: [at('/given', params.undo)] });
    plugin(steps, { execute: ({ id, params }) => { ${execute} }, rollback }, { cancel: true, undo: true });`;
}

describe('what a remote step changed and saved', () => {
  it('RB-16: changes sent with undo data come before those of the answer', async () => {
    const { session } = await openScript(
      undoable(`
        undo(id, 1, { a: 1 }, [at('/field', 1)]);
        undo(id, 2, { b: 1 }, [at('/field', 2)]);
        result(id, { success: true, patch: [at('/field', 3)] });`),
    );
    const journal = new MemoryJournal();
    journal.onAppend = async () => {
      for (let round = 0; round < 20; round += 1) await new Promise(setImmediate); // a disk takes longer than a plugin
    };
    const { context } = await runSteps(session, ['work'], { journal });
    expect(context['field']).toBe(3);
  });

  it('a change that is refused fails the step also when the answer is already there, and all its undo data is kept', async () => {
    const { session } = await openScript(
      undoable(`
        undo(id, 1, { a: 1 }, [{ op: 'remove', path: '/missing' }]);
        result(id, { success: true, undo: { late: true } });`),
    );
    const { report, context } = await runSteps(session, ['work']);
    expect(report.steps[0]).toMatchObject({ status: 'failed' });
    expect(report.steps[0]?.error?.message).toContain('missing');
    expect(context['given']).toEqual({ a: 1, late: true });
  });

  it('a report that nobody can keep fails the step, with the undo data and changes of its answer', async () => {
    const { session } = await openScript(
      undoable(`
        notify('progress', { id, seq: 1, current: 5, total: 3 });
        result(id, { success: true, undo: { late: true }, patch: [at('/field', 1)] });`),
    );
    const { report, context } = await runSteps(session, ['work']);
    expect(report.steps[0]).toMatchObject({ status: 'failed', error: { code: 'invalid_progress' } });
    expect(context['given']).toEqual({ late: true });
    expect(context['field']).toBe(1);
  });

  it('a step that cannot be undone may send changes ahead of its error', async () => {
    const { session } = await openScript(`
      const patch = [{ op: 'add', path: '/field', value: 1 }];
      const error = { code: 1010, message: 'no JSON', data: { kind: 'unserialisable_value' } };
      const execute = ({ id }) => { notify('undo', { id, seq: 1, data: {}, patch }); write({ id, error }); };
      plugin([{ name: 'work' }], { execute });`);
    const { error, context } = await runSteps(session, ['work']);
    expect(error?.cause).toMatchObject({ code: 'unserialisable_value' });
    expect(context['field']).toBe(1);
  });

  it('RB-16: a step that is cancelled because its time is over keeps its changes', async () => {
    const { session } = await openScript(`
      const data = { kind: 'cancelled', patch: [{ op: 'add', path: '/field', value: 1 }] };
      onNotification('cancel', ({ id }) => write({ id, error: { code: 1003, message: 'stopped', data } }));
      plugin([{ name: 'work', timeout_ms: 20 }], { execute: () => undefined }, { cancel: true });`);
    const { error, context } = await runSteps(session, ['work']);
    expect(error?.cause).toMatchObject({ code: 'timeout' });
    expect(context['field']).toBe(1);
  });

  it('a report that nobody can keep does not end an undo half-way', async () => {
    const { session } = await openScript(`
      const steps = [{ name: 'work', rollback: true }];
      const rollback = ({ id, params }) => {
        if (params.undo_attempt === 1) notify('progress', { id, seq: 1, current: 5, total: 3 });
        setImmediate(() => result(id, { outcome: 'undone', patch: [{ op: 'add', path: '/undone_by', value: process.pid }] }));
      };
      plugin(steps, { execute: ({ id }) => result(id, { success: false, error: 'no' }), rollback });`);
    const { pid } = session;
    const { report, context } = await runSteps(session, ['work']);
    expect(report.rollback?.steps[0]).toMatchObject({ outcome: 'undone', tries: 2 });
    expect(context['undone_by']).toBe(pid);
  });
});
