import { roundHalfEven } from '../loggers/round-half-even.js';

/** Values for the placeholders of a template, by name. */
export type TemplateValues = Readonly<Record<string, unknown>>;

const PLACEHOLDER = /\{\{|\}\}|\{([A-Za-z_]\w*)(?::([^{}]*))?\}/g;
const SPECIFICATION = /^(?:(.)?([<>^]))?(0)?(\d+)?(,)?(?:\.(\d+))?([dfs%])?$/u;

/**
 * Fills a template: `{name}`, `{name:.1f}`, `{name:,}`, `{name:>8}`, `{share:.0%}`; `{{` and `}}` are braces. The
 * specification is the common part of Python's: fill and alignment (`<`, `>`, `^`), width, thousands, decimals, `d f s %`.
 * A placeholder without a value, or with a specification that does not fit, stays as it is written: a log line may not
 * break its step.
 */
export function formatTemplate(template: string, values: TemplateValues): string {
  return template.replaceAll(PLACEHOLDER, (written: string, name?: string, specification?: string) => {
    if (name === undefined) return written.charAt(0);
    if (!Object.hasOwn(values, name)) return written;
    return formatValue(values[name], specification ?? '') ?? written;
  });
}

function formatValue(value: unknown, specification: string): string | undefined {
  if (specification === '') return textOf(value);
  const parts = SPECIFICATION.exec(specification);
  if (parts === null) return undefined;
  const [, fill, align, zero, width, thousands, decimals, kind] = parts;
  const text = bodyOf(value, { thousands: thousands !== undefined, decimals, kind });
  if (text === undefined) return undefined;
  const pad = zero !== undefined && align === undefined ? { fill: '0', align: '=' } : { fill: fill ?? ' ', align };
  return padded(text, Number(width ?? 0), { ...pad, isNumber: typeof value === 'number' });
}

interface Body {
  readonly thousands: boolean;
  readonly decimals: string | undefined;
  readonly kind: string | undefined;
}

/** The value without its padding; undefined when the specification does not fit it. */
function bodyOf(value: unknown, body: Body): string | undefined {
  if (typeof value === 'number') return numberText(value, body);
  const { thousands, decimals, kind } = body;
  if (thousands || (kind !== undefined && kind !== 's')) return undefined;
  const text = textOf(value);
  return decimals === undefined ? text : text.slice(0, Number(decimals));
}

function numberText(value: number, { thousands, decimals, kind }: Body): string | undefined {
  const text = kind === 'f' || kind === '%' ? fractionText(value, kind, Number(decimals ?? 6)) : wholeText(value, kind);
  if (text === undefined || (decimals !== undefined && kind === undefined)) return undefined;
  const grouped = thousands ? text.replace(/\B(?=(?:\d{3})+(?=\.|$))/g, ',') : text;
  return kind === '%' ? `${grouped}%` : grouped;
}

function fractionText(value: number, kind: 'f' | '%', places: number): string | undefined {
  return places > 100 ? undefined : fixedText(kind === '%' ? value * 100 : value, places);
}

function wholeText(value: number, kind: string | undefined): string | undefined {
  if (kind === 's' || (kind === 'd' && !Number.isInteger(value))) return undefined;
  return String(value);
}

/** `toFixed` with halves to the even digit, as Python rounds. */
function fixedText(value: number, places: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e15
    ? roundHalfEven(value, places).toFixed(places)
    : value.toFixed(places);
}

function padded(
  text: string,
  width: number,
  options: { readonly fill: string; readonly align: string | undefined; readonly isNumber: boolean },
): string {
  const { fill, align = options.isNumber ? '>' : '<' } = options;
  const missing = Math.max(0, width - text.length);
  if (align === '=') {
    const sign = text.startsWith('-') ? '-' : '';
    return sign + fill.repeat(missing) + text.slice(sign.length);
  }
  const before = align === '<' ? 0 : align === '>' ? missing : Math.floor(missing / 2);
  return fill.repeat(before) + text + fill.repeat(missing - before);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return `${value as number}`;
  try {
    return JSON.stringify(value);
  } catch {
    return Object.prototype.toString.call(value); // a cycle: named rather than shown
  }
}
