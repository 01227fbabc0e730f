import { describe, expect, it } from 'vitest';
import { formatSamples, judgeSamples, type Sample } from './judge-samples.js';

const flat: Sample = {
  done: 0,
  hostHeap: 20,
  hostMemory: 90,
  hostDescriptors: 30,
  pluginMemory: 15,
  pluginDescriptors: 6,
  processes: 1,
};
const series = (change: (index: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 20 }, (_, index) => ({ ...flat, done: index, ...change(index) }));

describe('the judgement of a soak', () => {
  it('takes a warm-up and a jitter for flat', () => {
    expect(judgeSamples(series((index) => ({ hostMemory: index < 5 ? 10 * index : 90 + (index % 3) })))).toEqual([]);
  });

  it.each([
    ['hostHeap', 0.5],
    ['hostMemory', 4],
    ['hostDescriptors', 1],
    ['pluginMemory', 0.5],
    ['pluginDescriptors', 1],
    ['processes', 1],
  ] as const)('notices a slow growth of %s', (measure, step) => {
    const complaints = judgeSamples(series((index) => ({ [measure]: flat[measure] + step * index })));
    expect(complaints).toEqual([expect.stringContaining(`${measure} grew from`)]);
  });

  it('allows a measure more where it is told to, and no other one', () => {
    const grows = series((index) => ({ pluginMemory: 15 + index, hostHeap: 20 + index }));
    expect(judgeSamples(grows, { pluginMemory: 32 })).toEqual([expect.stringContaining('hostHeap grew from')]);
  });

  it('refuses to judge by a handful of samples', () => {
    expect(() => judgeSamples([flat, flat, flat])).toThrow('At least 8 samples');
  });

  it('shows each sample on a line', () => {
    expect(formatSamples([flat, flat], 'calls').split('\n')).toHaveLength(3);
  });
});
