import { startProcess, terminateProcess, type ProcessExit } from '@synapse-steps/bridge/process';

export interface RunProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** It is ended after that long. */
  readonly timeoutMs: number;
  /** Ends it at once. */
  readonly signal?: AbortSignal | undefined;
}

export interface ProgramOutput {
  readonly exit: ProcessExit;
  /** Whether it was ended because it took too long. */
  readonly isLate: boolean;
  /** What it printed to stdout, at most 64 KiB of it. */
  readonly stdout: string;
  /** The last lines of its stderr. */
  readonly stderr: readonly string[];
}

/**
 * Runs a program that answers a short question, to its end.
 *
 * @throws ProcessStartError when it cannot be started, or the reason of the signal.
 */
export async function runProgram(command: readonly string[], options: RunProgramOptions): Promise<ProgramOutput> {
  options.signal?.throwIfAborted();
  let stdout = '';
  let isLate = false;
  const process = await startProcess({
    command,
    cwd: options.cwd,
    env: options.env,
    onStdout: (chunk) => {
      if (stdout.length + chunk.length <= LONGEST_ANSWER) stdout += chunk.toString('utf8');
      else process.signal('SIGKILL'); // whatever it is, it is not what was asked
    },
    onStderr: () => undefined, // its tail is kept by the process
  });
  process.stdin.end();
  const end = (): void => void terminateProcess(process);
  const timer = setTimeout(() => {
    isLate = true;
    end();
  }, options.timeoutMs);
  options.signal?.addEventListener('abort', end);
  if (options.signal?.aborted) end();
  const exit = await process.closed;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', end);
  options.signal?.throwIfAborted();
  return { exit, isLate, stdout, stderr: process.stderrTail.lines(3) };
}

const LONGEST_ANSWER = 64 * 1024;
