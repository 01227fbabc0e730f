import { describeExit, startProcess, terminateProcess } from '../process/index.js';

/** What a program that calls itself Python says of itself. */
export type ProbedPython =
  | { readonly executable: string; readonly version: readonly [number, number, number] }
  | { readonly problem: string };

/** Asks a Python for its version and for the path of the real program behind it. */
export async function probePython(
  program: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<ProbedPython> {
  let output = '';
  let isFlood = false;
  const process = await startProcess({
    command: [program, '-E', '-S', '-c', QUESTION],
    cwd: options.cwd,
    env: options.env,
    onStdout: (chunk) => {
      if (output.length + chunk.length <= LONGEST_ANSWER) output += chunk.toString('utf8');
      else isFlood = true;
      if (isFlood) process.signal('SIGKILL'); // whatever it is, it is no Python that answers the question
    },
    onStderr: () => undefined, // its tail is kept by the process
  });
  process.stdin.end();
  const timer = setTimeout(() => void terminateProcess(process), PROBE_MS);
  const exit = await process.closed;
  clearTimeout(timer);
  if (isFlood) return { problem: `printed more than ${LONGEST_ANSWER} bytes instead of its version` };
  if (exit.code !== 0)
    return {
      problem: `${describeExit(exit)}${process.stderrTail
        .lines(1)
        .map((line) => `: ${line}`)
        .join('')}`,
    };
  const [version = '', executable = ''] = output.split('\n');
  const [major = 0, minor = 0, micro = 0] = version.split('.').map(Number);
  return { executable: executable === '' ? program : executable, version: [major, minor, micro] };
}

/** Understood by every Python, also by one that is too old. */
const QUESTION = 'import sys; print("%d.%d.%d" % sys.version_info[:3]); print(sys.executable or "")';
const PROBE_MS = 10_000;
const LONGEST_ANSWER = 64 * 1024;
