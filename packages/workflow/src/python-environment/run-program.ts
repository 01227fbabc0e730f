import { startProcess, terminateProcess, type ProcessExit } from '@synapse-steps/bridge/process';

export interface RunProgramOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** It is ended after that long. */
  readonly timeoutMs: number;
}

export interface ProgramOutput {
  readonly exit: ProcessExit;
  /** What it printed to stdout, at most 64 KiB of it. */
  readonly stdout: string;
  /** The last lines of its stderr. */
  readonly stderr: readonly string[];
}

/**
 * Runs a program that answers a short question, to its end.
 *
 * @throws ProcessStartError when it cannot be started.
 */
export async function runProgram(command: readonly string[], options: RunProgramOptions): Promise<ProgramOutput> {
  let stdout = '';
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
  const timer = setTimeout(() => void terminateProcess(process), options.timeoutMs);
  const exit = await process.closed;
  clearTimeout(timer);
  return { exit, stdout, stderr: process.stderrTail.lines(3) };
}

const LONGEST_ANSWER = 64 * 1024;
