import { expect, it } from 'vitest';
import { steadyRounds, takeRounds, type Candidate } from './rounds.js';

/** Gives the values one after the other, the last one for ever, and notes each call. The first is the warm-up's. */
function scripted(name: string, values: readonly number[], calls: string[] = []): Candidate {
  let next = 0;
  return {
    name,
    version: '1.0.0',
    measure: () => {
      calls.push(name);
      const value = values[Math.min(next, values.length - 1)];
      next += 1;
      return Promise.resolve(value ?? Number.NaN);
    },
  };
}

it('measures in turns between two readings of the floor, beginning each round with another candidate', async () => {
  const calls: string[] = [];
  await takeRounds(scripted('floor', [1], calls), [scripted('a', [1], calls), scripted('b', [1], calls)], {
    rounds: 2,
    warmUps: 1,
  });
  expect(calls.join(' ')).toBe('floor a b floor a b floor floor b a floor');
});

it('leaves the warm-up out of the figures', async () => {
  const result = await takeRounds(scripted('floor', [50, 1]), [scripted('a', [90, 4, 2, 3])], {
    rounds: 3,
    warmUps: 1,
  });
  expect(result).toEqual({
    floor: { name: 'floor', version: '1.0.0', median: 1, min: 1, max: 1 },
    candidates: [{ name: 'a', version: '1.0.0', median: 3, min: 2, max: 4 }],
    kept: 3,
    rejected: 0,
  });
});

it('throws a round away, counts it and takes another one when the floor moved by more than a fifth', async () => {
  const floor = scripted('floor', [10, 10, 10, 10, 13, 10, 10, 10]);
  const result = await takeRounds(floor, [scripted('a', [0, 5, 99, 6, 7])], { rounds: 3, warmUps: 1 });
  expect(result).toMatchObject({ kept: 3, rejected: 1, candidates: [{ median: 6, max: 7 }] });
});

it('keeps a round whose floor moved by a fifth exactly, up or down', () => {
  const rounds = [{ floors: [10, 10] }, { floors: [10, 12] }, { floors: [8, 10] }, { floors: [7.9, 10] }] as const;
  expect(steadyRounds(rounds)).toEqual(rounds.slice(0, 3));
});

it('judges early rounds by the median of all rounds, so one bad start does not decide', () => {
  const rounds = [{ floors: [30, 30] }, { floors: [10, 10] }, { floors: [10, 10] }] as const;
  expect(steadyRounds(rounds)).toEqual(rounds.slice(1));
});

it('gives no figure when the machine never holds still', async () => {
  const floor = scripted('floor', [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048]);
  await expect(takeRounds(floor, [scripted('a', [1])], { rounds: 4, atMost: 6, warmUps: 1 })).rejects.toThrow(
    'too busy to measure',
  );
});

it('waits, where that is asked for, until the figures of a candidate have stopped falling', async () => {
  const calls: string[] = [];
  const falling = scripted('a', [...Array.from({ length: 60 }, (_one, index) => 100 - index), 40], calls);
  const result = await takeRounds(scripted('floor', [1]), [falling], { rounds: 3, warmUps: 0, settleWithin: 200 });
  expect(result.candidates[0]).toMatchObject({ median: 40, max: 40 });
  expect(calls.length).toBeLessThan(100);
});

it('waits no longer than is allowed', async () => {
  const calls: string[] = [];
  const everFalling = scripted(
    'a',
    Array.from({ length: 999 }, (_one, index) => 1e6 * 0.9 ** index),
    calls,
  );
  await takeRounds(scripted('floor', [1]), [everFalling], { rounds: 3, warmUps: 0, settleWithin: 30 });
  expect(calls).toHaveLength(33);
});
