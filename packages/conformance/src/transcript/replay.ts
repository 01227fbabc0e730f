import type { SaidEntry, TranscriptEntry } from '@synapse-steps/bridge/transcript';
import { mismatches } from './match-value.js';
import { missingFiles } from './missing-files.js';
import { NormalFrames } from './normal-frames.js';

type Frame = Readonly<Record<string, unknown>>;
type ExitEntry = Extract<TranscriptEntry, { dir: 'exit' }>;

/** One side of a replay: what it writes of its own, and what it hears of the other. */
export interface ReplaySide {
  /** What this side says; the other direction is compared. */
  readonly says: 'h>p' | 'p>h';
  /** Says something of this side, or prints it. */
  readonly say: (entry: SaidEntry) => void;
  /** The first message of the other side that `fits` and was not taken before; `undefined` when it does not come. */
  readonly hear: (fits: (frame: Frame) => boolean, ms: number) => Promise<Frame | undefined>;
  /** Whether the other side says nothing more. */
  readonly hasEnded: () => boolean;
  /** The end of what the other side says. `false` when it does not come. */
  readonly hearEnd: (ms: number) => Promise<boolean>;
  /** The end of the plugin: waited for, or brought about. What is wrong with it, in words. */
  readonly end: (entry: ExitEntry) => Promise<string[]>;
  /** How long to wait where the transcript does not say, in milliseconds. */
  readonly patienceMs: number;
}

/**
 * Plays one side of a transcript, and says where the other one did not keep to it. Times are not repeated; order is, for all
 * that belongs to one request.
 */
export async function replay(entries: readonly TranscriptEntry[], side: ReplaySide): Promise<string[]> {
  const frames = { theirs: new NormalFrames(), ours: new NormalFrames() };
  const problems: string[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.dir === 'cut') break;
    const found = await replayEntry(entry, side, frames);
    if (found.length === 0) continue;
    problems.push(...found.map((problem) => `entry ${index + 1}: ${problem}`));
    problems.push(...[missingFiles(entries.slice(0, index + 1))].filter((text) => text !== undefined));
    break; // what follows would only be in the wrong place
  }
  return problems;
}

interface BothFrames {
  /** Of the transcript, and of what is heard: both must know the requests that answers belong to. */
  readonly theirs: NormalFrames;
  readonly ours: NormalFrames;
}

async function replayEntry(entry: TranscriptEntry, side: ReplaySide, frames: BothFrames): Promise<string[]> {
  if (entry.dir === 'start' || entry.dir === 'cut') return [];
  if (entry.dir === 'exit') return await side.end(entry);
  if (entry.dir === side.says || entry.dir === 'err') {
    if (entry.frame !== undefined) for (const known of [frames.theirs, frames.ours]) known.normal(entry.frame);
    side.say(entry);
    return [];
  }
  const ms = entry.within ?? side.patienceMs;
  if (entry.end === true) return (await side.hearEnd(ms)) ? [] : [`the other side should have ended within ${ms} ms`];
  return entry.frame === undefined ? [] : await compareFrame({ ...entry, frame: entry.frame }, { ms, side, frames });
}

async function compareFrame(
  { frame: expected, match }: { readonly frame: Frame; readonly match?: unknown },
  { ms, side, frames }: { readonly ms: number; readonly side: ReplaySide; readonly frames: BothFrames },
): Promise<string[]> {
  const wanted = requestOf(expected);
  const actual = await side.hear((frame) => requestOf(frame) === wanted, ms);
  if (actual === undefined) {
    return [`${wordsOf(expected)} did not come ${side.hasEnded() ? 'before the other side ended' : `within ${ms} ms`}`];
  }
  const normal = { actual: frames.theirs.normal(actual), expected: frames.ours.normal(expected) };
  return mismatches({ ...normal, match }).map((problem) => `of ${wordsOf(expected)}, ${problem}`);
}

/** The request that a message belongs to; messages of another one may come before or behind it. */
function requestOf({ id, params }: Frame): unknown {
  return id ?? (typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined);
}

function wordsOf({ id, method }: Frame): string {
  if (typeof method !== 'string') return `the answer to the request ${String(id)}`;
  return id === undefined ? `'${method}'` : `the request '${method}'`;
}
