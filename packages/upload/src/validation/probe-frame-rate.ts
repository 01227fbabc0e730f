import { errorMessage } from '@synapse-steps/core';
import {
  describeExit,
  processEnvironment,
  ProcessStartError,
  startProcess,
  terminateProcess,
  type ManagedProcess,
} from '@synapse-steps/bridge/process';
import { z } from 'zod';

export interface ProbeOptions {
  /** The program: a name that is looked for in PATH, or a path. */
  readonly ffprobe: string;
  /** How long it may take for one file, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

export type FrameRate =
  /** Frames a second: what the stream counts in, and what it has on average. */
  | { readonly type: 'known'; readonly base: number; readonly average: number }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'no-ffprobe' };

/** The answer is a line or two; whoever writes more is ended. */
const MAX_OUTPUT = 64 * 1024;

/** Asks `ffprobe` for the frame rate of a video: without a shell, with an allow-list of variables, and not for ever. */
export async function probeFrameRate(path: string, options: ProbeOptions): Promise<FrameRate> {
  try {
    return rateIn(await outputOf(path, options));
  } catch (error) {
    options.signal?.throwIfAborted();
    const isMissing = error instanceof ProcessStartError && error.problem === 'not_found';
    return isMissing ? { type: 'no-ffprobe' } : { type: 'failed', why: errorMessage(error) };
  }
}

function commandFor(ffprobe: string, path: string): string[] {
  // A playlist may name other files and addresses; only what is on this machine is opened.
  const input = ['-protocol_whitelist', 'file', '-i', `file:${path}`];
  const entries = ['-show_entries', 'stream=r_frame_rate,avg_frame_rate'];
  return [ffprobe, '-v', 'error', '-select_streams', 'v:0', ...entries, '-of', 'json', ...input];
}

async function outputOf(path: string, { ffprobe, timeoutMs, signal }: ProbeOptions): Promise<string> {
  signal?.throwIfAborted();
  const chunks: Buffer[] = [];
  let size = 0;
  const onStdout = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= MAX_OUTPUT) chunks.push(chunk);
    else probe.signal('SIGKILL');
  };
  const command = commandFor(ffprobe, path);
  const probe = await startProcess({
    command,
    cwd: '/',
    env: processEnvironment(),
    onStdout,
    onStderr: () => undefined,
  });
  const exit = await endOf(probe, { timeoutMs, signal });
  if (size > MAX_OUTPUT) throw new Error('ffprobe says too much');
  if (exit.code !== 0) throw new Error(`ffprobe ${describeExit(exit)}`);
  return Buffer.concat(chunks).toString();
}

async function endOf(
  probe: ManagedProcess,
  { timeoutMs, signal }: Pick<ProbeOptions, 'timeoutMs' | 'signal'>,
): Promise<Awaited<ManagedProcess['closed']>> {
  probe.stdin.end();
  const limit = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
  const stop = (): void => void terminateProcess(probe);
  either.addEventListener('abort', stop, { once: true });
  try {
    if (either.aborted) stop();
    const exit = await probe.closed;
    if (limit.aborted) throw new Error(`ffprobe took longer than ${timeoutMs / 1000} s`);
    return exit;
  } finally {
    either.removeEventListener('abort', stop);
  }
}

const answerSchema = z.object({
  streams: z.array(z.object({ r_frame_rate: z.string(), avg_frame_rate: z.string() })).min(1),
});

function rateIn(output: string): FrameRate {
  const answer = answerSchema.safeParse(parsed(output));
  const stream = answer.data?.streams[0];
  const base = quotient(stream?.r_frame_rate);
  const average = quotient(stream?.avg_frame_rate);
  if (base === undefined || average === undefined) return { type: 'failed', why: 'ffprobe names no frame rate' };
  return { type: 'known', base, average };
}

function parsed(output: string): unknown {
  try {
    return JSON.parse(output) as unknown;
  } catch {
    return undefined; // the schema says what is missing
  }
}

/** `30000/1001` as a number. */
function quotient(text: string | undefined): number | undefined {
  const [, above = '', below = ''] = /^(\d+)\/(\d+)$/u.exec(text ?? '') ?? [];
  const value = Number(above) / Number(below);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}
