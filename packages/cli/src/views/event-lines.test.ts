import { expect, it } from 'vitest';
import { RunState } from '../run/run-state.js';
import { eventLines } from './event-lines.js';

const at = { runId: 'r', seq: 1, time: '' };

function said(data: Record<string, unknown>): string[] {
  const event = { ...at, type: 'step-log', step: 'train', level: 'info', event: 'metric', data } as const;
  return eventLines(event).map(({ text }) => text);
}

it('shows what was measured of an epoch, and of what it was measured unless that is usual', () => {
  const point = { key: 'epoch', value: 2, metrics: { loss: 0.123456, auc: null } };
  expect(said({ category: 'train', ...point })).toEqual(['train | epoch 2: loss 0.1235, auc not measured']);
  expect(said({ category: 'validation', ...point })).toEqual([
    'train | validation epoch 2: loss 0.1235, auc not measured',
  ]);
});

it('shows an event of that name, and another shape, as any other', () => {
  expect(said({ category: 'train', unit: 'm' })).toEqual(['train | metric category train, unit m']);
});

it('has the values of the last report beside the bar of the step', () => {
  const state = new RunState(() => 0);
  state.apply({ ...at, type: 'step-start', step: 'train' });
  const data = { category: 'train', key: 'epoch', value: 2, metrics: { loss: 0.5 } };
  state.apply({ ...at, type: 'step-log', step: 'train', level: 'info', event: 'metric', data });
  expect(state.running.get('train')?.metrics).toEqual({ loss: 0.5 });
});
