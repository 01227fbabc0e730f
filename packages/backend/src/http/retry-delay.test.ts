import { expect, it } from 'vitest';

import { retryAfter, retryDelay } from './retry-delay.js';

const now = Date.parse('2026-01-01T00:00:00Z');

it.each([
  [null, undefined],
  ['', undefined],
  ['soon', undefined],
  ['0', 0],
  [' 7 ', 7000],
  ['60', 60_000],
  ['99999', 60_000],
  ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
  ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
  ['Fri, 02 Jan 2026 00:00:00 GMT', 60_000],
])('reads Retry-After: %j as %j ms, at most a minute', (header, ms) => {
  expect(retryAfter(header, now)).toBe(ms);
});

it('waits for anything from nothing to twice as long for each try', () => {
  const policy = { retries: 3, delayMs: 2000 };
  expect([0, 1, 2].map((retry) => retryDelay(policy, retry, () => 0))).toEqual([0, 0, 0]);
  expect([0, 1, 2].map((retry) => retryDelay(policy, retry, () => 0.5))).toEqual([1000, 2000, 4000]);
});
