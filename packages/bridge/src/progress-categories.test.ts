import { expect, it, vi } from 'vitest';
import { ProgressThrottle } from './progress-throttle.js';

it('of ever new categories only the 20 that were told of last are held, and shown', () => {
  vi.useFakeTimers();
  const shown: (string | null)[] = [];
  const throttle = new ProgressThrottle<{ readonly category: string | null }>(({ category }) => shown.push(category));
  for (let at = 1; at <= 100_000; at += 1) throttle.add({ category: `c${at}` });
  throttle.add({ category: 'c99990' }); // once more: it is among the latest again
  throttle.flush();
  expect(shown).toHaveLength(120);
  expect(shown.at(-1)).toBe('c99990');
  expect(shown[100]).toBe('c99981');
  vi.useRealTimers();
});
