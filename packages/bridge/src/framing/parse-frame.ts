import { type Frame, toFrame } from '../protocol/frame.js';
import { hasDuplicateKey } from './duplicate-keys.js';
import { type JsonTextProblem, parseJsonText } from './parse-json-text.js';

/** Why a line is no frame. */
export type LineProblem = JsonTextProblem | 'duplicate_key' | 'not_a_frame';

/** A line that is a frame, with the whole JSON value as it stood on the wire; or the reason why it is none. */
export type ParsedLine =
  | { readonly ok: true; readonly frame: Frame; readonly value: unknown; readonly mayHoldTags: boolean }
  | { readonly ok: false; readonly problem: LineProblem };

/** How strictly lines are read. */
export interface ParseFrameOptions {
  readonly maxDepth: number;
  /** Refuse an object that names a key twice; costs a second pass, meant for conformance checks. */
  readonly strict?: boolean;
}

/** Reads one line, without its line feed, as a frame. Never throws. */
export function parseFrame(line: Buffer, options: ParseFrameOptions): ParsedLine {
  const parsed = parseJsonText(line, options.maxDepth);
  if (!parsed.ok) return parsed;
  if (options.strict === true && hasDuplicateKey(parsed.text)) return failed('duplicate_key');
  const { value, mayHoldTags } = parsed;
  const frame = toFrame(value);
  return frame === undefined ? failed('not_a_frame') : { ok: true, frame, value, mayHoldTags };
}

function failed(problem: LineProblem): ParsedLine {
  return { ok: false, problem };
}
