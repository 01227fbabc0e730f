import type { LineProblem } from '../framing/parse-frame.js';
import { unsafeNumberPointer } from '../framing/unsafe-number-pointer.js';
import { PROBLEM_TEXT } from './stray-lines.js';

/** What a line that had to be refused was meant to be, as far as its beginning and its end tell. */
export type RefusedMessage =
  | { readonly type: 'answer'; readonly id: number }
  | { readonly type: 'undo'; readonly seq: number | undefined };

/**
 * Recognises the messages that somebody waits for: an answer, without which its request would stay open for ever, and undo
 * data, whose step waits until they are safe. A line that cannot be parsed (a NaN in it, bytes that are no UTF-8) is judged
 * by what stands outside of all nested values. `undefined` for everything else, such as a line that was printed.
 */
export function refusedMessage(line: Buffer, problem: LineProblem): RefusedMessage | undefined {
  const outside = OUTSIDE.exec(line.toString('latin1', 0, LOOKED_AT))?.[1];
  if (outside === undefined) return undefined;
  if (/"method"\s*:\s*"undo"/.test(outside)) return { type: 'undo', seq: seqIn(line) };
  if (/"method"\s*:/.test(outside) || !/"(?:result|error)"\s*:/.test(outside)) return undefined;
  if (problem === 'not_a_frame' && hasResultAndError(line)) return undefined; // nobody knows which of the two is meant
  const id = ID.exec(outside)?.[1] ?? LAST_ID.exec(line.toString('latin1', Math.max(0, line.length - LOOKED_AT)))?.[1];
  return id === undefined ? undefined : { type: 'answer', id: Number(id) };
}

function seqIn(line: Buffer): number | undefined {
  const seq = /"seq"\s*:\s*(\d{1,15})\s*[,}]/.exec(line.toString('latin1', 0, LOOKED_AT))?.[1];
  return seq === undefined ? undefined : Number(seq);
}

/** Why a line was refused, in words, and where in it the reason stands if that can be told. */
export function whyRefused(line: Buffer, problem: LineProblem): string {
  const pointer = problem === 'unsafe_number' ? pointerIn(line) : undefined;
  return pointer === undefined ? PROBLEM_TEXT[problem] : `${PROBLEM_TEXT[problem]} at ${pointer}`;
}

function pointerIn(line: Buffer): string | undefined {
  try {
    return unsafeNumberPointer(JSON.parse(line.toString('utf8')));
  } catch {
    return undefined; // it is no JSON either, and then there is no place in it
  }
}

const LOOKED_AT = 1024;
/** The members of a frame up to the first nested value, perhaps behind a byte order mark. */
const OUTSIDE = /^(?:\xef\xbb\xbf)?\s*\{([^{[]*)/;
const ID = /"id"\s*:\s*(\d{1,16})\s*(?:,|$)/;
/** An id behind the result: what stands before the last brace belongs to the frame itself. */
const LAST_ID = /"id"\s*:\s*(\d{1,16})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;

function hasResultAndError(line: Buffer): boolean {
  const value = JSON.parse(line.toString('utf8')) as object;
  return 'result' in value && 'error' in value;
}
