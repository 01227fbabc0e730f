import { isAscii, isUtf8 } from 'node:buffer';
import { scanJson } from './scan-json.js';

/** Why a text is no JSON that may travel. */
export type JsonTextProblem = 'json' | 'utf8' | 'bom' | 'depth' | 'unsafe_number' | 'forbidden_key';

/** The value of a text, or the reason why it has none. */
export type ParsedJsonText =
  | {
      readonly ok: true;
      readonly value: unknown;
      readonly text: string;
      /** Whether some key may begin with `$`; most texts have none, and nobody needs to look for them. */
      readonly mayHoldTags: boolean;
    }
  | { readonly ok: false; readonly problem: JsonTextProblem };

/** Reads bytes from outside as one JSON value. Never throws. */
export function parseJsonText(bytes: Buffer, maxDepth: number): ParsedJsonText {
  if (startsWithByteOrderMark(bytes)) return failed('bom');
  const text = decode(bytes);
  if (text === undefined) return failed('utf8');
  const problem = scanJson(text, maxDepth);
  if (problem !== undefined) return failed(problem);
  const parsed = parseJson(text);
  if (parsed === undefined) return failed('json');
  const safe = makeSafe(text, parsed);
  if (safe === undefined) return failed('forbidden_key');
  return { ok: true, value: safe.value, text, mayHoldTags: mayHoldTags(text) };
}

/** One character is searched for much faster than two, and mostly there is none. */
function mayHoldTags(text: string): boolean {
  return (text.includes('$') && text.includes('"$')) || text.includes('\\u0024');
}

function failed(problem: JsonTextProblem): ParsedJsonText {
  return { ok: false, problem };
}

function startsWithByteOrderMark(line: Buffer): boolean {
  return line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf;
}

/** ASCII is the rule, and decodes much faster as Latin-1. */
function decode(line: Buffer): string | undefined {
  if (isAscii(line)) return line.toString('latin1');
  return isUtf8(line) ? line.toString('utf8') : undefined;
}

interface Parsed {
  readonly value: unknown;
}

function parseJson(text: string): Parsed | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined; // the caller reports the line itself, which says more than the parser's position
  }
}

/** The same value without halves of surrogate pairs; `undefined` when it has a key that reaches a prototype. */
function makeSafe(text: string, parsed: Parsed): Parsed | undefined {
  const hasEscapes = text.includes('\\u');
  if (mayHoldForbiddenKey(text, hasEscapes) && holdsForbiddenKey(parsed.value)) return undefined;
  return hasEscapes && LONE_SURROGATE.test(text) ? { value: wellFormed(parsed.value) } : parsed;
}

/** A cheap look at the text, so that the walk over the value is only made for the rare frame that needs it. */
function mayHoldForbiddenKey(text: string, hasEscapes: boolean): boolean {
  return text.includes('__proto__') || (hasEscapes && /\\u005f/i.test(text));
}

/** `JSON.parse` makes `__proto__` an own property; whoever copies such an object key by key changes its prototype. */
function holdsForbiddenKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some(holdsForbiddenKey);
}

/** An escaped half of a surrogate pair without its other half (an escaped backslash before the `u` is a false alarm). */
const LONE_SURROGATE =
  /\\u[dD][89abAB][\da-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][\da-fA-F]{2})\\u[dD][c-fC-F]/;

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return wellFormedText(value);
  if (Array.isArray(value)) return value.map(wellFormed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [wellFormedText(key), wellFormed(item)]));
}

/** Replaces lone surrogates: many JSON readers refuse them, so that one in a context would poison every later call. */
export function wellFormedText(text: string): string {
  return text.replace(/[\ud800-\udfff]/gu, '\ufffd'); // with the u flag, pairs are one character and do not match
}
