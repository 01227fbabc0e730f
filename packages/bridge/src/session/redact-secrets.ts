import type { Uncuttable } from '../process/text-lines.js';
import { findSecrets, LONGEST_ESCAPE, type SecretPart, type SecretSpan } from './find-secrets.js';

/** Replaces the values of secrets in a text. */
export type Redact = (text: string) => string;

/**
 * A function that hides the given values wherever they turn up, as they are or with the escapes of JSON, and each line of
 * a value of several lines, as output comes line by line. Very short values would hide ordinary text and stay.
 */
export function redactSecrets(secrets: Readonly<Record<string, string>>): Redact {
  const parts = partsOf(secrets);
  return parts.length === 0 ? hideNothing : (text) => withoutSpans(text, findSecrets(text, parts));
}

/** Finds where secrets stand in bytes that are taken for one character each; undefined when there are none. */
export function findSecretBytes(secrets: Readonly<Record<string, string>>): Uncuttable | undefined {
  const parts = partsOf(secrets).map(({ part, name }) => ({ part: bytesOf(part), name }));
  if (parts.length === 0) return undefined;
  return {
    longest: LONGEST_ESCAPE * Math.max(...parts.map(({ part }) => part.length)),
    find: (text) => findSecrets(text, parts, bytesOf),
  };
}

function bytesOf(text: string): string {
  return Buffer.from(text).toString('latin1');
}

function partsOf(secrets: Readonly<Record<string, string>>): SecretPart[] {
  return Object.entries(secrets)
    .flatMap(([name, value]) => [value, ...value.split(/\r?\n/)].map((part) => ({ part, name })))
    .filter(({ part }) => part.length >= SHORTEST_SECRET);
}

/** A shorter one stays. */
const SHORTEST_SECRET = 4;

function withoutSpans(text: string, spans: readonly SecretSpan[]): string {
  let shown = '';
  let at = 0;
  for (const { start, end, name } of spans) {
    shown += `${text.slice(at, start)}[secret ${name}]`;
    at = end;
  }
  return shown + text.slice(at);
}

/** Whether there is nothing to hide, as for most plugins; asked for each answer. */
function hidesNothing(redact: Redact): boolean {
  return redact === hideNothing;
}

/** The same for every text inside of a JSON value. */
export function redactTexts<T>(value: T, redact: Redact): T {
  return hidesNothing(redact) ? value : (redactWithin(value, redact) as T);
}

/** The same for some fields of a message, whose own names and words stay as they are. */
export function redactFields<T extends object>(message: T, names: ReadonlySet<string>, redact: Redact): T {
  if (hidesNothing(redact)) return message;
  const shown = Object.entries(message).map(([name, value]) => [
    name,
    names.has(name) ? redactTexts(value as unknown, redact) : (value as unknown),
  ]);
  return Object.fromEntries(shown) as T;
}

function hideNothing(text: string): string {
  return text;
}

function redactWithin(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => redactWithin(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [redact(key), redactWithin(item, redact)]));
}
