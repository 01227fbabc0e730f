import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz } from './differential-fuzz.js';
import { PythonReader } from './python-reader.js';
import { disagreement } from './reading.js';

let python: PythonReader;
beforeAll(() => {
  python = new PythonReader();
});
afterAll(async () => {
  await python.close();
});

describe('differential fuzzing', () => {
  it('finds nothing on which the readers of TypeScript and Python disagree, however the bytes are cut', async () => {
    const summary = await fuzz(python, { seed: 20_260, goesOn: ({ streams }) => streams < 4000 });
    expect(summary.disagreements.map(({ what, stream }) => `${what}: ${stream.toString('base64')}`)).toEqual([]);
    expect(summary.streams).toBe(4000);
    expect(summary.accepted).toBeGreaterThan(500); // else it would only compare how both refuse nonsense
    expect(summary.lines - summary.accepted).toBeGreaterThan(1000);
  });

  it('would notice another verdict, another value, another shape, another number of lines and an unstable reader', () => {
    const taken = { lines: [{ shape: 'result', value: '1' }], unstable: undefined };
    expect(disagreement(taken, taken)).toBeUndefined();
    expect(disagreement(taken, { ...taken, lines: [{ refused: 'json' }] })).toContain('refuses');
    expect(disagreement(taken, { ...taken, lines: [{ shape: 'result', value: '2' }] })).toContain('2');
    expect(disagreement(taken, { ...taken, lines: [{ shape: 'error', value: '1' }] })).toContain('error');
    expect(disagreement(taken, { ...taken, lines: [] })).toContain('0');
    expect(disagreement(taken, { ...taken, unstable: 3 })).toContain('cut at 3');
    expect(
      disagreement({ ...taken, lines: [{ refused: 'a' }] }, { ...taken, lines: [{ refused: 'b' }] }),
    ).toBeUndefined();
  });
});
