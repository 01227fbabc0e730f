import type { Readable, Writable } from 'node:stream';
import type { TranscriptEntry } from '@synapse-steps/bridge/transcript';
import { MessageQueue } from './message-queue.js';
import { bytesOf, readerInto } from './replay-as-host.js';
import { replay } from './replay.js';

/** Where a replayed plugin hears and speaks. */
export interface ReplayAsPluginOptions {
  readonly input: Readable;
  readonly output: Writable;
  /** What it prints. */
  readonly errors: Writable;
  /** How long a message of the host is waited for, in milliseconds. */
  readonly patienceMs: number;
}

/** How a replayed plugin ended, and what the host did otherwise than in the transcript, in words. */
export interface ReplayedPlugin {
  readonly problems: readonly string[];
  /** How it has to end, as the transcript says. */
  readonly exit: { readonly code: number | null; readonly signal: string | null };
}

/** Says to a host what a plugin said in a transcript, and compares what the host sends. */
export async function replayAsPlugin(
  entries: readonly TranscriptEntry[],
  { input, output, errors, patienceMs }: ReplayAsPluginOptions,
): Promise<ReplayedPlugin> {
  const heard = new MessageQueue();
  const reader = readerInto(heard);
  input.on('data', (chunk: Buffer) => reader.push(chunk));
  input.once('end', () => heard.end());
  let exit: ReplayedPlugin['exit'] = { code: 0, signal: null };
  const problems = await replay(entries, {
    says: 'p>h',
    say: (entry) => (entry.dir === 'err' ? errors : output).write(bytesOf(entry)),
    hear: async (fits, ms) => await heard.take(fits, ms),
    hasEnded: () => heard.hasEnded,
    hearEnd: async (ms) => await heard.ended(ms),
    end: async ({ code, signal }) => {
      exit = { code, signal };
      return await Promise.resolve([]);
    },
    patienceMs,
  });
  const left = heard.left.map((frame) => `the host also wrote ${JSON.stringify(frame)}`);
  return { problems: problems.length > 0 ? problems : left, exit };
}
