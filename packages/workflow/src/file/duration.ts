/** The milliseconds of a time as a workflow file writes it: `200ms`, `1.5s`, `2m`, `1h`. */
export function parseDuration(text: string): number {
  const [, amount, unit = ''] = /^([\d.]+)([a-z]+)$/.exec(text) ?? [];
  return Number(amount) * (UNITS[unit] ?? Number.NaN);
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
