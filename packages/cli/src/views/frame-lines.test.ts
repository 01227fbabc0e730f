import type { RunEvent } from '@synapse-steps/core';
import { expect, it } from 'vitest';
import { RunState } from '../run/run-state.js';
import { frameLines } from './frame-lines.js';

type Body<Event> = Event extends RunEvent ? Omit<Event, 'runId' | 'seq' | 'time'> : never;

function stateAfter(...bodies: Body<RunEvent>[]): RunState {
  const state = new RunState(() => 12_000);
  bodies.forEach((body, index) => state.apply({ ...body, runId: 'r', seq: index + 1, time: '' }));
  return state;
}

const start = {
  type: 'run-start' as const,
  workflow: 'penguins',
  workDir: '/',
  steps: [
    { name: 'load', weight: 1 },
    { name: 'train', weight: 3 },
  ],
};
const end = { type: 'step-end', step: 'load', status: 'completed', durationMs: 1 } as const;

it('shows percentage, finished steps and the time left of the run, and below it the running step', () => {
  const state = stateAfter(
    start,
    { type: 'step-start', step: 'load' },
    end,
    { type: 'step-start', step: 'train' },
    { type: 'step-progress', step: 'train', current: 2, total: 4, category: 'train', fraction: 0.5, message: 'epochs' },
    { type: 'step-metric', step: 'train', category: 'train', metrics: { loss: 0.123456 } },
    { type: 'run-progress', percent: 62, fraction: 0.625, remainingMs: 72_000 },
  );
  expect(frameLines(state, 100)).toEqual([
    'penguins ███████████████░░░░░░░░░  62 %  1 of 2 steps, about 1m 12s left',
    '  train  ████████████░░░░░░░░░░░░  50 %  2 of 4 epochs  loss 0.1235',
  ]);
});

it('says how long a step runs that reports no progress of its own', () => {
  const state = stateAfter(start, { type: 'step-start', step: 'load' });
  expect(frameLines(state, 60)).toEqual([
    'penguins ███████████ '.replace(/█/g, '░') + '  0 %  0 of 2 steps',
    '  load               running 0 ms',
  ]);
});

it('shows no percentage where all weights are 0', () => {
  const state = stateAfter({ ...start, steps: [{ name: 'load', weight: 0 }] }, { type: 'step-start', step: 'load' });
  expect(frameLines(state, 40)).toEqual(['penguins 0 of 1 steps', '  load   running 0 ms']);
});

it('counts undos in a bar of their own, while the number of the run stands still', () => {
  const cause = { name: 'Error', code: 'error', message: 'x' };
  const state = stateAfter(
    start,
    { type: 'run-progress', percent: 25, fraction: 0.25 },
    { type: 'rollback-start', cause, steps: ['train', 'load'] },
    { type: 'undo-end', step: 'train', attempt: 1, undoAttempt: 1, outcome: 'undone' },
    { type: 'undo-start', step: 'load', attempt: 1, undoAttempt: 1 },
  );
  expect(frameLines(state, 100)).toEqual([
    'penguins  ██████░░░░░░░░░░░░░░░░░░ stopped at 25 %',
    '  undoing ████████████░░░░░░░░░░░░ 1 of 2  load',
  ]);
});

it('counts an undo that was tried three times once', () => {
  const cause = { name: 'Error', code: 'error', message: 'x' };
  const failed = { type: 'undo-end', step: 'load', attempt: 1, undoAttempt: 1, outcome: 'failed' } as const;
  const state = stateAfter(start, { type: 'rollback-start', cause, steps: ['train', 'load'] }, failed, failed, failed);
  expect(frameLines(state, 100)[1]).toContain('1 of 2');
});

it('never fills more than the terminal is wide, and shows at most four running steps', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `parallel/${name.repeat(20)}`);
  const state = stateAfter(start, ...names.map((step) => ({ type: 'step-start', step }) as const));
  for (const columns of [12, 20, 40, 80, 200]) {
    const lines = frameLines(state, columns);
    expect(lines).toHaveLength(6);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
  }
  expect(frameLines(state, 80).at(-1)).toMatch(/and 2 more$/);
});
