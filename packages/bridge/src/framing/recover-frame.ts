import { type ParsedLine, type ParseFrameOptions, parseFrame } from './parse-frame.js';

/** A frame that was found at the end of a line that began with something else. */
export interface RecoveredFrame {
  readonly parsed: Extract<ParsedLine, { ok: true }>;
  /** What stood before the frame. */
  readonly stray: Buffer;
}

/**
 * Finds a valid frame glued behind stray text, as happens when something prints without a line feed just before a
 * frame. The longest frame wins, so that a frame quoted inside another one is not taken for a message.
 */
export function recoverFrame(line: Buffer, options: ParseFrameOptions): RecoveredFrame | undefined {
  for (const start of candidateStarts(line)) {
    const parsed = parseFrame(line.subarray(start), options);
    if (parsed.ok) return { parsed, stray: line.subarray(0, start) };
  }
  return undefined;
}

/** Every member that a frame can begin with. */
const BEGINNINGS = ['{"jsonrpc"', '{"id"', '{"method"', '{"result"', '{"error"', '{"params"'];
/** Bounds the work that one hostile line can cause. */
const MAX_CANDIDATES = 16;

function candidateStarts(line: Buffer): number[] {
  const starts: number[] = [];
  for (const beginning of BEGINNINGS) {
    let start = line.indexOf(beginning, 1, 'latin1');
    while (start !== -1 && starts.length < MAX_CANDIDATES) {
      starts.push(start);
      start = line.indexOf(beginning, start + 1, 'latin1');
    }
  }
  return starts.toSorted((one, other) => one - other);
}
