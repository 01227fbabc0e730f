import type { JsonObject } from '../protocol/frame.js';
import { scanJson } from './scan-json.js';

/** Why a frame cannot be written. */
type FrameProblem = 'depth' | 'too_large' | 'not_json';

/** A frame that was not written, because the other side could not read it, or not as it was meant. */
export class FrameEncodeError extends Error {
  override readonly name = 'FrameEncodeError';
  readonly problem: FrameProblem;

  constructor(problem: FrameProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}

/** The bounds that a frame has to keep. */
export interface EncodeFrameOptions {
  readonly maxFrameBytes: number;
  readonly maxDepth: number;
}

/**
 * The line of a frame: ASCII-only JSON and a line feed, so that each character is one byte. ASCII survives every code page and every reader.
 *
 * @throws FrameEncodeError when the frame is too large or too deep.
 */
export function encodeFrame(frame: JsonObject, options: EncodeFrameOptions): string {
  const text = encodeText(frame, options.maxDepth);
  if (text.length <= options.maxFrameBytes) return `${text}\n`;
  throw new FrameEncodeError(
    'too_large',
    `the message takes ${text.length} bytes, ${options.maxFrameBytes} are allowed; keep large data in a file and pass its path`,
  );
}

/**
 * A value as ASCII-only JSON.
 *
 * @throws FrameEncodeError when it is too deep, or no JSON.
 */
function encodeText(value: unknown, maxDepth: number): string {
  return checked(stringify(value), maxDepth, toAscii);
}

/**
 * The same in UTF-8, for files: there is no code page on their way.
 *
 * @param take gives the memory for so many bytes
 * @throws FrameEncodeError
 */
export function encodeUtf8(value: unknown, maxDepth: number, take: (bytes: number) => Buffer): Buffer {
  const text = checked(stringify(value), maxDepth, toWellFormed);
  const content = take(Buffer.byteLength(text, 'utf8'));
  content.write(text, content.length === text.length ? 'latin1' : 'utf8'); // of ASCII the same bytes, three times as fast
  return content;
}

function checked(written: string, maxDepth: number, escape: (text: string) => string): string {
  const text = escape(written);
  if (scanJson(text, maxDepth) === undefined) return text;
  const exact = withExponents(text);
  if (scanJson(exact, maxDepth) === undefined) return exact;
  throw new FrameEncodeError('depth', `the message is nested deeper than ${maxDepth} levels`);
}

/**
 * A JavaScript number is a 64-bit float, also when it is written without a point: beyond ±(2^53−1) it gets an exponent, so
 * that every reader takes it for the float that it is, and none for an integer whose last digits it would lose.
 */
function withExponents(text: string): string {
  return text.replace(TEXT_OR_NUMBER, (token) => {
    const isUnsafe = token[0] !== '"' && /^-?\d{16,}$/.test(token) && !Number.isSafeInteger(Number(token));
    return isUnsafe ? Number(token).toExponential() : token;
  });
}

const TEXT_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** The same JSON, in which everything beyond ASCII is escaped and lone surrogates are replaced. */
function toAscii(text: string): string {
  const wellFormed = toWellFormed(text);
  const isPlain = isAscii(wellFormed) && !wellFormed.includes(DELETE);
  return isPlain ? wellFormed : wellFormed.replace(TO_ESCAPE, escapeUnit);
}

/** Of UTF-8, only ASCII takes one byte for each character. Counting is many times faster than looking for another one. */
function isAscii(text: string): boolean {
  return Buffer.byteLength(text, 'utf8') === text.length;
}

/** The one control character that JSON does not escape. */
const DELETE = '\u007f';

/** Without halves of surrogate pairs: JSON.stringify escapes surrogates only when they are lone, so that each escape is one. */
function toWellFormed(text: string): string {
  return text.includes('\\ud') ? text.replace(/\\\\|\\ud[\da-f]{3}/g, keepBackslashes) : text;
}

const TO_ESCAPE = /[\u007f-\uffff]/g;

function stringify(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    throw new FrameEncodeError('not_json', `the message cannot be written as JSON: ${String(error)}`, { cause: error });
  }
}

function keepBackslashes(match: string): string {
  return match === '\\\\' ? match : '\\ufffd';
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
