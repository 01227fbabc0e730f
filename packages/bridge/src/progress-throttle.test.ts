import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProgressThrottle } from './progress-throttle.js';
import type { ProgressParams } from './protocol/notifications.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function throttled() {
  const shown: string[] = [];
  const throttle = new ProgressThrottle<ProgressParams>(
    ({ category, current }) => void shown.push(`${category} ${current}`),
  );
  const add = (current: number, category: string | null = null) =>
    throttle.add({ id: 1, seq: current, current, total: 1000, category, message: null });
  return { shown, throttle, add };
}

it('shows a hundred as they come, then the latest of each category ten times a second', () => {
  const { shown, add } = throttled();
  for (let current = 1; current <= 100; current += 1) add(current);
  expect(shown).toHaveLength(100);
  for (let current = 101; current <= 500; current += 1) add(current, current % 2 === 0 ? 'even' : 'odd');
  expect(shown).toHaveLength(100);
  vi.advanceTimersByTime(100);
  expect(shown.slice(100)).toEqual(['odd 499', 'even 500']);
  vi.advanceTimersByTime(10_000);
  expect(shown).toHaveLength(102);
});

it('shows the last one when it is told that no more will come, and only once', () => {
  const { shown, add, throttle } = throttled();
  for (let current = 1; current <= 300; current += 1) add(current);
  throttle.flush();
  expect(shown.at(-1)).toBe('null 300');
  vi.advanceTimersByTime(1000);
  expect(shown).toHaveLength(101);
});

it('never shows an older one behind a newer one', () => {
  const { shown, add } = throttled();
  for (let current = 1; current <= 101; current += 1) add(current);
  vi.advanceTimersByTime(99); // room for another one, just before the held one is due
  add(102);
  vi.advanceTimersByTime(1000);
  expect(shown.slice(100)).toEqual(['null 102']);
});
