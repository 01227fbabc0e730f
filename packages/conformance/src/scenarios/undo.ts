import type { JsonObject } from '@synapse-steps/bridge/protocol';
import { demand } from '../subject/clause-failure.js';
import type { Bench } from './bench.js';
import type { Scenario } from './scenario.js';

/** Undo data, and undoing with it. */
export const UNDO: readonly Scenario[] = [
  {
    name: 'undo-waits',
    title: 'a step that saves undo data waits until the host has it safe',
    clauses: ['UD-1', 'UD-2'],
    appliesTo: ({ capabilities }) => capabilities.undo,
    run: async (bench) => {
      const subject = await bench.ready();
      subject.confirmsUndo = false;
      const execute = subject.ask('execute', bench.callOf(bench.stepThat('saves')));
      const undo = await subject.note(execute, 'undo');
      demand(undo !== undefined, 'UD-1', 'the step that saves undo data sent none while it ran');
      const waits = await subject.staysOpen(execute, UNCONFIRMED_MS);
      demand(waits, 'UD-2', 'the step was answered although its undo data was not yet confirmed');
      subject.confirmsUndo = true;
      subject.tell('undo_saved', { id: undo.id, seq: undo.seq });
      await subject.resultOf(execute, 'UD-2');
    },
  },
  {
    name: 'rollback',
    title: 'what a step did is undone in another process, and undoing it again does not fail',
    clauses: ['RO-1', 'RO-2', 'RO-3'],
    appliesTo: ({ steps }) => steps.some((step) => step.rollback),
    run: async (bench) => {
      const { name = '' } = bench.stepWith((step) => step.rollback) ?? {};
      const undo = await savedBy(bench, name);
      const subject = await bench.ready();
      const first = await subject.resultOf(subject.ask('rollback', bench.undoOf(name, { undo })), 'RO-1');
      demand(
        first['outcome'] !== 'failed',
        'RO-2',
        `the undo of '${name}' failed in a fresh process: ${String(first['error'])}`,
      );
      const again = subject.ask('rollback', bench.undoOf(name, { undo, undo_attempt: 2 }));
      const second = await subject.resultOf(again, 'RO-1');
      demand(
        second['outcome'] !== 'failed',
        'RO-3',
        `the undo of '${name}' failed the second time: ${String(second['error'])}`,
      );
    },
  },
  {
    name: 'rollback-without-data',
    title: 'a step that saved nothing is undone without undo data',
    clauses: ['RO-1', 'RO-2'],
    appliesTo: ({ steps }) => steps.some((step) => step.rollback),
    run: async (bench) => {
      const subject = await bench.ready();
      const { name = '' } = bench.stepWith((step) => step.rollback) ?? {};
      await subject.resultOf(subject.ask('rollback', bench.undoOf(name)), 'RO-2');
    },
  },
];

/** Long enough for a step that does not wait to be answered, short enough for a test. */
const UNCONFIRMED_MS = 500;

/** Runs a step and gives the fold of the undo data that it saved and returned. */
async function savedBy(bench: Bench, step: string): Promise<JsonObject> {
  const subject = await bench.ready();
  const execute = subject.ask('execute', bench.callOf(step));
  const { undo } = await subject.resultOf(execute, 'EX-1');
  const deltas = subject.notes.filter((note) => note.id === execute.id && note.method === 'undo');
  const all = [...deltas.map(({ params }) => params['data']), undo] as (JsonObject | null | undefined)[];
  return Object.fromEntries(all.flatMap((delta) => Object.entries(delta ?? {})));
}
