/**
 * One pass over a JSON text, before it is parsed (or after it was written): finds what `JSON.parse` would
 * accept and other readers would not, or would read as another value. It is no validator; nonsense passes here and
 * fails in `JSON.parse`.
 */

/** Why a JSON text may not travel although it parses. */
export type JsonScanProblem = 'depth' | 'unsafe_number';

/** Finds a nesting deeper than `maxDepth`, or a number that would not arrive as it was sent. */
export function scanJson(text: string, maxDepth: number): JsonScanProblem | undefined {
  let depth = 0;
  let position = 0;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === QUOTE) {
      position = endOfString(text, position);
      continue;
    }
    if (code === BRACE_OPEN || code === BRACKET_OPEN) {
      depth += 1;
      if (depth > maxDepth) return 'depth';
    } else if (code === BRACE_CLOSE || code === BRACKET_CLOSE) {
      depth -= 1;
    } else if (code >= ZERO && code <= NINE) {
      const end = endOfNumber(text, position);
      if (end - position >= SHORTEST_UNSAFE && isUnsafeNumber(text.slice(position, end))) return 'unsafe_number';
      position = end;
      continue;
    }
    position += 1;
  }
  return undefined;
}

/**
 * Whether a short look tells that nothing in a text needs a closer one, which is so for most frames: few brackets, no
 * number that is long or large, nothing escaped, nothing beyond ASCII, no key that reaches a prototype. Native
 * searches tell; a false alarm costs only time.
 */
export function isPlainJson(text: string, maxDepth: number): boolean {
  if (text.length > SHORT_TEXT || REMARKABLE.test(text) || text.includes('__proto__')) return false;
  let left = maxDepth;
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      left -= 1;
      if (left < 0) return false;
    }
  }
  return true;
}

const SHORT_TEXT = 64 * 1024;
const REMARKABLE = /\d{16}|\d[eE]\+?\d{3}|[\\\u007f-\uffff]/;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;
/** The shortest text of a number that can overflow: `1e309`. */
const SHORTEST_UNSAFE = 5;

/** Native searches: a long text is by far the most of a large frame. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end + 1;
}

/** Whether an odd number of backslashes stands before a quote. */
function isEscaped(text: string, quote: number): boolean {
  let before = quote;
  while (text.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (quote - before) % 2 === 1;
}

function endOfNumber(text: string, start: number): number {
  let position = start + 1;
  while (position < text.length && isNumberCharacter(text.charCodeAt(position))) position += 1;
  return position;
}

/** Digits, point, exponent and signs: everything that can follow the first digit. */
function isNumberCharacter(code: number): boolean {
  return (
    (code >= ZERO && code <= NINE) || code === 0x2e || code === 0x65 || code === 0x45 || code === 0x2b || code === 0x2d
  );
}

function isUnsafeNumber(text: string): boolean {
  const value = Number(text);
  if (value === Infinity) return true;
  return /^\d+$/.test(text) && !Number.isSafeInteger(value);
}
