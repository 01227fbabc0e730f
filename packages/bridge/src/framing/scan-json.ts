/**
 * One pass over the bytes of a JSON text, before it is parsed (or after it was written): finds what `JSON.parse` would
 * accept and other readers would not, or would read as another value. It is no validator; nonsense passes here and
 * fails in `JSON.parse`.
 */

/** Why a JSON text may not travel although it parses. */
export type JsonScanProblem = 'depth' | 'unsafe_number';

/** Finds a nesting deeper than `maxDepth`, or a number that would not arrive as it was sent. */
export function scanJson(bytes: Uint8Array, maxDepth: number): JsonScanProblem | undefined {
  let depth = 0;
  let position = 0;
  while (position < bytes.length) {
    const byte = bytes[position] as number;
    if (byte === QUOTE) {
      position = endOfString(bytes, position);
      continue;
    }
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      depth += 1;
      if (depth > maxDepth) return 'depth';
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth -= 1;
    } else if (byte >= ZERO && byte <= NINE) {
      const end = endOfNumber(bytes, position);
      if (end - position >= SHORTEST_UNSAFE && isUnsafeNumber(bytes, position, end)) return 'unsafe_number';
      position = end;
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
/** The shortest text of a number that can overflow: `1e309`. */
const SHORTEST_UNSAFE = 5;

function endOfString(bytes: Uint8Array, start: number): number {
  let position = start + 1;
  while (position < bytes.length) {
    const byte = bytes[position];
    if (byte === QUOTE) return position + 1;
    position += byte === BACKSLASH ? 2 : 1;
  }
  return position;
}

function endOfNumber(bytes: Uint8Array, start: number): number {
  let position = start + 1;
  while (position < bytes.length && isNumberByte(bytes[position] as number)) position += 1;
  return position;
}

/** Digits, point, exponent and signs: everything that can follow the first digit. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= ZERO && byte <= NINE) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d
  );
}

function isUnsafeNumber(bytes: Uint8Array, start: number, end: number): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const value = Number(text);
  if (value === Infinity) return true;
  return /^\d+$/.test(text) && !Number.isSafeInteger(value);
}
