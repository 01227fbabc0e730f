import { UsageError } from '../usage-error.js';

/** Milliseconds of a time such as `12h`, as an option has it. */
export function readTime(option: string, text: string): number {
  const [, amount, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return Number(amount) * (UNITS[unit] ?? 0);
  throw new UsageError(`${option} '${text}' is no time. Write it as 30m, 12h or 30d.`);
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
