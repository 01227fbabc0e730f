import type { JsonObject } from '../protocol/frame.js';
import { isPlainJson, type JsonScanProblem, scanJson } from './scan-json.js';
import { unsafeNumberPointer } from './unsafe-number-pointer.js';

/** A frame that was not written, because the other side could not read it, or not as it was meant. */
export class FrameEncodeError extends Error {
  override readonly name = 'FrameEncodeError';
  readonly problem: JsonScanProblem | 'too_large' | 'not_json';

  constructor(problem: JsonScanProblem | 'too_large' | 'not_json', message: string, options?: ErrorOptions) {
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
 * @throws FrameEncodeError when the frame is too large or too deep, or holds a number that would not arrive as it is.
 */
export function encodeFrame(frame: JsonObject, options: EncodeFrameOptions): string {
  const written = stringify(frame);
  const isPlain = isPlainJson(written, options.maxDepth);
  const text = isPlain ? written : toAscii(written);
  if (text.length > options.maxFrameBytes) {
    throw new FrameEncodeError(
      'too_large',
      `the message takes ${text.length} bytes, ${options.maxFrameBytes} are allowed; keep large data in a file and pass its path`,
    );
  }
  const problem = isPlain ? undefined : scanJson(text, options.maxDepth);
  if (problem === undefined) return `${text}\n`;
  throw new FrameEncodeError(problem, PROBLEM_TEXT[problem](frame, options));
}

const PROBLEM_TEXT: Record<JsonScanProblem, (frame: JsonObject, options: EncodeFrameOptions) => string> = {
  depth: (_frame, { maxDepth }) => `the message is nested deeper than ${maxDepth} levels`,
  unsafe_number: (frame) =>
    `the message holds an integer beyond ±(2^53−1)${placeOf(frame)}, which other languages read as another number; pass it as text`,
};

function placeOf(frame: JsonObject): string {
  const pointer = unsafeNumberPointer(frame);
  return pointer === undefined ? '' : ` at ${pointer}`;
}

/** The same JSON, in which everything beyond ASCII is escaped and lone surrogates are replaced. */
function toAscii(text: string): string {
  // JSON.stringify escapes surrogates only when they are lone, so that each such escape is one
  const wellFormed = text.includes('\\ud') ? text.replace(/\\\\|\\ud[\da-f]{3}/g, keepBackslashes) : text;
  return NON_ASCII.test(wellFormed) ? wellFormed.replace(ALL_NON_ASCII, escapeUnit) : wellFormed;
}

const NON_ASCII = /[\u007f-\uffff]/;
const ALL_NON_ASCII = /[\u007f-\uffff]/g;

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
