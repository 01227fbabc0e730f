import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { droppedText, LogThrottle } from './log-throttle.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function throttled() {
  const heard: (number | string)[] = [];
  const throttle = new LogThrottle<number>({
    show: (log) => void heard.push(log),
    onDropped: (count) => void heard.push(`${count} dropped`),
  });
  const add = (count: number) => {
    for (let log = 0; log < count; log += 1) throttle.add(log);
  };
  return { heard, throttle, add };
}

it('lets five thousand through at once, and then a thousand a second for as long as it likes', () => {
  const { heard, add } = throttled();
  add(5000);
  for (let second = 0; second < 20; second += 1) {
    vi.advanceTimersByTime(1000);
    add(1000);
  }
  expect(heard).toHaveLength(25_000);
  expect(heard).not.toContain('1 dropped');
});

it('drops what is more, in one piece, and says how much where it is missing', () => {
  const { heard, add } = throttled();
  add(5003);
  vi.advanceTimersByTime(999);
  add(4);
  expect(heard).toHaveLength(5000);
  vi.advanceTimersByTime(1);
  expect(heard.slice(5000)).toEqual(['7 dropped']);
  add(1002);
  vi.advanceTimersByTime(60_000);
  expect(heard.slice(5001, 6001)).toEqual(Array.from({ length: 1000 }, (_log, at) => at));
  expect(heard.slice(6001)).toEqual(['2 dropped']);
});

it('goes on in time although its own timer is late', () => {
  const { heard, add } = throttled();
  add(5001);
  // the clock goes on, and the timer does not come
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 1500);
  add(1);
  expect(heard.slice(5000)).toEqual(['1 dropped', 0]);
});

it('tells what is missing when it is told that no more will come, and only once', () => {
  const { heard, add, throttle } = throttled();
  add(5002);
  throttle.flush();
  throttle.flush();
  vi.advanceTimersByTime(60_000);
  expect(heard.slice(5000)).toEqual(['2 dropped']);
});

it('says it in words', () => {
  expect(droppedText(1)).toBe('1 log entry is missing here: the step wrote more than 1000 in a second.');
  expect(droppedText(7)).toBe('7 log entries are missing here: the step wrote more than 1000 in a second.');
});
