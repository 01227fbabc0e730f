import { encodeFrame, FrameReader } from '@synapse-steps/bridge/framing';
import { processEnvironment, startProcess, stopProcess } from '@synapse-steps/bridge/process';
import { DEFAULT_WIRE_LIMITS } from '@synapse-steps/bridge/protocol';
import type { SaidEntry, TranscriptEntry } from '@synapse-steps/bridge/transcript';
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { within } from '../subject/within.js';
import { MessageQueue } from './message-queue.js';
import { replay } from './replay.js';

/** How a plugin is held against a transcript. */
export interface ReplayAsHostOptions {
  /** Where it runs. By default the working directory. */
  readonly cwd?: string;
  /** Which process of the recording; 1 by default. */
  readonly process?: number;
  /** Multiplies every time limit, for machines that have a lot to do. */
  readonly patience?: number;
}

/**
 * Says to a plugin what a host said in a transcript, and compares what it answers. Resolves to what was different, in words.
 *
 * @throws ProcessStartError when the command cannot be started.
 * @example
 * const problems = await replayAsHost(readTranscript(text), ['./my-plugin']);
 */
export async function replayAsHost(
  transcript: readonly TranscriptEntry[],
  command: readonly string[],
  options: ReplayAsHostOptions = {},
): Promise<string[]> {
  const { cwd = '.', process: number = 1, patience = 1 } = options;
  const heard = new MessageQueue();
  const reader = readerInto(heard);
  const plugin = await startProcess({
    command,
    cwd: resolve(cwd),
    env: processEnvironment({ extra: { STEP_PROTOCOL_SESSION: randomUUID() } }),
    onStdout: (chunk) => reader.push(chunk),
    onStderr: () => undefined,
  });
  void plugin.closed.then(() => heard.end());
  const patienceMs = PATIENCE_MS * patience;
  try {
    const entries = transcript.filter((entry) => entry.process === number);
    const problems = await replay(entries, {
      says: 'h>p',
      say: (entry) => {
        if (entry.dir === 'h>p' && entry.end === true) plugin.stdin.end();
        else if (entry.dir === 'h>p' && !plugin.stdin.destroyed) plugin.stdin.write(bytesOf(entry));
      },
      hear: async (fits, ms) => await heard.take(fits, ms * patience),
      hasEnded: () => heard.hasEnded,
      hearEnd: async (ms) => await heard.ended(ms * patience),
      end: async ({ code, signal, within: ms = patienceMs }) => {
        if (signal !== null) return []; // whoever sent it is not part of the transcript
        const exit = await within(ms, plugin.exited);
        if (exit?.code === code) return [];
        return [
          exit === undefined
            ? `it did not end within ${ms} ms`
            : `it ended with ${exit.signal ?? exit.code}, not with ${code}`,
        ];
      },
      patienceMs,
    });
    return problems.length > 0 ? problems : heard.left.map((frame) => `it also wrote ${JSON.stringify(frame)}`);
  } finally {
    await stopProcess(plugin, STOP_TIMES);
  }
}

const PATIENCE_MS = 10_000;
const STOP_TIMES = { endOfInputMs: 300, terminateMs: 300, killMs: 2000 };
const LIMITS = { maxFrameBytes: DEFAULT_WIRE_LIMITS.max_frame_bytes, maxDepth: DEFAULT_WIRE_LIMITS.max_depth };

/** Bytes that were said, as they go onto the wire. */
export function bytesOf({ frame, text, raw }: SaidEntry): string | Buffer {
  if (frame !== undefined) return encodeFrame(frame, LIMITS);
  return raw === undefined ? `${text ?? ''}\n` : Buffer.concat([Buffer.from(raw, 'base64'), Buffer.from('\n')]);
}

/** Whole messages only: stray lines of a plugin are compared by nobody. */
export function readerInto(heard: MessageQueue): FrameReader {
  return new FrameReader(
    {
      onFrame: ({ value }) => heard.push(value as Readonly<Record<string, unknown>>),
      onStray: () => undefined,
      onTooLarge: () => undefined,
    },
    LIMITS,
  );
}
