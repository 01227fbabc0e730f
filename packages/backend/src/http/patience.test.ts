import { expect, it, onTestFinished, vi } from 'vitest';

import { Patience } from './patience.js';

it('keeps no process alive once a request is over, though a last piece of its body is still asked for', () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const patience = new Patience();
  patience.allow(1000, 'nothing came');
  patience.end();
  patience.allow(1000, 'nothing came');
  expect(vi.getTimerCount()).toBe(0);
});
