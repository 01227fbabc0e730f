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
    } else if (isDigit(code)) {
      position = endOfSafeNumber(text, position);
      if (position === UNSAFE) return 'unsafe_number';
      continue;
    }
    position += 1;
  }
  return undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const ZERO = 0x30;
const NINE = 0x39;
const POINT = 0x2e;
const UNSAFE = -1;
/** An integer of fewer digits is exact, and what has fewer before its point is finite. */
const FEW_DIGITS = 16;

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

/** Behind the number that begins at `start`, or {@link UNSAFE}. Most numbers are told by the count of their digits. */
function endOfSafeNumber(text: string, start: number): number {
  const whole = endOfDigits(text, start);
  const fraction = text.charCodeAt(whole) === POINT ? endOfDigits(text, whole + 1) : whole;
  const end = isExponent(text, fraction) ? endOfExponent(text, fraction + 1) : fraction;
  if (end === fraction && whole - start < FEW_DIGITS) return end;
  const value = Number(text.slice(start, end));
  return value === Infinity || (end === whole && !Number.isSafeInteger(value)) ? UNSAFE : end;
}

function endOfDigits(text: string, start: number): number {
  let position = start;
  while (isDigit(text.charCodeAt(position))) position += 1;
  return position;
}

function endOfExponent(text: string, start: number): number {
  const sign = text.charCodeAt(start);
  return endOfDigits(text, sign === PLUS || sign === MINUS ? start + 1 : start);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isExponent(text: string, position: number): boolean {
  return (text.charCodeAt(position) | LOWER_CASE) === LETTER_E;
}

const PLUS = 0x2b;
const MINUS = 0x2d;
const LETTER_E = 0x65;
const LOWER_CASE = 0x20;
