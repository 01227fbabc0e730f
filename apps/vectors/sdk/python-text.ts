import { formatTemplate } from '@synapse-steps/core';
import type { Json } from '../cases/vector-file.js';

export function pythonStr(value: Json | undefined): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

export function pythonRepr(value: Json | undefined): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quoted(value);
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoted(key)}: ${pythonRepr(item)}`)
    .join(', ')}}`;
}

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

/** `round(value, digits)`: exact halves go to the even digit. */
export function pythonRound(value: number, digits: number): number {
  const doubled = value * 2 ** (digits + 1);
  if (!Number.isInteger(doubled) || doubled % 2 === 0) return Number(value.toFixed(digits));
  const lower = Math.floor((doubled * 5 ** digits) / 2);
  return (lower + (lower % 2)) / 10 ** digits;
}

/** `sum(values)` as of Python 3.12: compensated. */
export function pythonSum(values: readonly number[]): number {
  let [sum, lost] = [0, 0];
  for (const value of values) {
    const next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? sum - next + value : value - next + sum;
    sum = next;
  }
  return sum + lost;
}

export function pythonTruth(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}

export type TemplateProblem = { readonly type: 'KeyError' | 'ValueError' | 'IndexError'; readonly text: string };

/** Why `template.format(**values)` raises, if it does. */
export function templateProblem(template: string, values: Record<string, Json>): TemplateProblem | undefined {
  const rest = template.replaceAll(/\{\{|\}\}|\{[A-Za-z_]\w*(?::[^{}]*)?\}/g, '');
  if (/\{(?:\d*)(?::[^{}]*)?\}/.test(rest)) {
    return { type: 'IndexError', text: 'Replacement index 0 out of range for positional args tuple' };
  }
  if (rest.endsWith('{')) return { type: 'ValueError', text: "Single '{' encountered in format string" };
  if (rest.includes('{')) return { type: 'ValueError', text: "expected '}' before end of string" };
  if (rest.includes('}')) return { type: 'ValueError', text: "Single '}' encountered in format string" };
  const missing = placeholders(template).find((name) => !Object.hasOwn(values, name));
  return missing === undefined ? undefined : { type: 'KeyError', text: pythonRepr(missing) };
}

/** `template.format(**values)` for a template that has no problem. */
export function pythonFormat(template: string, values: Record<string, Json>): string {
  const texts = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'number' || typeof value === 'string' ? value : pythonStr(value),
  ]);
  return formatTemplate(template, Object.fromEntries(texts) as Record<string, unknown>);
}

function placeholders(template: string): string[] {
  const unescaped = template.replaceAll(/\{\{|\}\}/g, '');
  return [...unescaped.matchAll(/\{([A-Za-z_]\w*)(?::[^{}]*)?\}/g)].map(([, name = '']) => name);
}
