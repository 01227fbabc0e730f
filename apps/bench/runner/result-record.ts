import { allMet, isMet, type BenchmarkResult } from './benchmark.js';

/** What `--json` prints for one benchmark: one line, figures with four significant digits, no key ever missing. */
export function toJsonLine(result: BenchmarkResult): string {
  const { id, unit, rows, floor, ratio, target, checks, rounds, notes } = result;
  return JSON.stringify(
    {
      id,
      unit,
      rows: rows.map((row) => ({
        name: row.name,
        version: row.version,
        median: row.median,
        min: row.min,
        max: row.max,
        floor: row.floor,
        unit: row.unit ?? unit,
      })),
      floor,
      ratio,
      target,
      met: allMet(checks),
      checks: checks.map((check) => ({ ...check, met: isMet(check) })),
      rounds,
      notes,
    },
    (_key, value: unknown) => (typeof value === 'number' ? fourDigits(value) : value),
  );
}

function fourDigits(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(4));
}
