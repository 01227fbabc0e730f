import { describe, expect, it } from 'vitest';
import { allMet, medianOf, quotient, rowsOf, type BenchmarkResult } from './benchmark.js';
import { toJsonLine } from './result-record.js';
import { formatFigure, formatTable } from './table.js';

const row = { version: '1.2.3', median: 2.123456, min: 2, max: 3 };
const result: BenchmarkResult = {
  id: 'P0',
  title: 'an example',
  unit: 'µs',
  rows: [
    { ...row, name: 'floor', median: 0.5, floor: 0.5 },
    { ...row, name: 'ours', floor: 0.5 },
    { ...row, name: 'size', median: 123456, unit: 'bytes', floor: null },
  ],
  floor: 0.5,
  ratio: 4.246912,
  target: '≤ 5 × floor',
  checks: [{ name: 'ours ÷ floor', value: 4.246912, limit: 5, unit: '' }],
  rounds: { kept: 5, rejected: 2 },
  notes: ['peer left out: no network'],
};

describe('the JSON record', () => {
  it('is one line with the agreed keys first', () => {
    const line = toJsonLine(result);
    expect(line).not.toContain('\n');
    const record = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(record).slice(0, 7)).toEqual(['id', 'unit', 'rows', 'floor', 'ratio', 'target', 'met']);
    expect(record).toMatchObject({ id: 'P0', unit: 'µs', floor: 0.5, ratio: 4.247, target: '≤ 5 × floor', met: true });
  });

  it('gives each row its name, version, median, min, max, floor and unit', () => {
    const { rows } = JSON.parse(toJsonLine(result)) as { rows: unknown[] };
    expect(rows).toHaveLength(3);
    expect(rows[1]).toEqual({ name: 'ours', version: '1.2.3', median: 2.123, min: 2, max: 3, floor: 0.5, unit: 'µs' });
    expect(rows[2]).toMatchObject({ median: 123456, floor: null, unit: 'bytes' });
  });

  it('says of each check whether it holds', () => {
    const checks = [...result.checks, { name: 'peer', value: null, limit: 1, unit: '' }];
    expect(JSON.parse(toJsonLine({ ...result, checks }))).toMatchObject({
      met: false,
      checks: [{ met: true }, { met: false, value: null }],
    });
  });
});

describe('the table', () => {
  it('shows every figure beside its floor, the rejected rounds, the target and the notes', () => {
    expect(formatTable(result)).toMatchInlineSnapshot(`
      "P0 · an example (µs; 5 rounds, 2 rejected because the floor moved)
               version         median  min  max  floor  × floor
        floor  1.2.3              0.5    2    3    0.5        1
        ours   1.2.3             2.12    2    3    0.5     4.25
        size   1.2.3    123,456 bytes    2    3      –        –
        target: ≤ 5 × floor — met
          ✓ ours ÷ floor: 4.25 (at most 5)
        note: peer left out: no network"
    `);
  });

  it('says loudly what is not met', () => {
    const checks = [{ name: 'ours', value: 6, limit: 5, unit: 'ms' }];
    expect(formatTable({ ...result, checks })).toContain('NOT met\n    ✗ ours: 6 ms (at most 5 ms)');
  });

  it('writes small figures with three digits and large ones with separators', () => {
    expect([0.012345, 1.5, 21_000.4, 999.6, 0].map(formatFigure)).toEqual(['0.0123', '1.5', '21,000', '1000', '0']);
  });
});

describe('a target', () => {
  it('is not met when there is nothing to check', () => {
    expect(allMet([])).toBe(false);
  });

  it('has no quotient when a peer is missing', () => {
    expect(quotient(1, medianOf(result.rows, 'absent'))).toBeNull();
    expect(quotient(medianOf(result.rows, 'ours'), 0.5)).toBeCloseTo(4.25, 2);
  });
});

it('puts the setting into the names of the rows, and the floor beside each', () => {
  const measured = { ...row, name: 'ours' };
  const rows = rowsOf(
    { floor: { ...row, name: 'bare', median: 1 }, candidates: [measured], kept: 1, rejected: 0 },
    'free',
  );
  expect(rows.map(({ name, floor }) => [name, floor])).toEqual([
    ['bare, free', 1],
    ['ours, free', 1],
  ]);
});
