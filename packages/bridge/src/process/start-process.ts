import { stat } from 'node:fs/promises';
import { execa } from 'execa';
import { checkFormat } from './check-format.js';
import { ManagedProcess, type OutputListener, type PipedProcess } from './managed-process.js';
import { ProcessStartError } from './process-start-error.js';
import { resolveCommand } from './resolve-command.js';

/** What to start, and where. */
export interface StartProcessOptions extends OutputListener {
  /** The program and its arguments, passed on as they are: no shell reads them. */
  readonly command: readonly string[];
  readonly cwd: string;
  /** The whole environment of the process; see `processEnvironment`. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts a program as the leader of a process group of its own.
 *
 * @throws ProcessStartError when it cannot be started.
 */
export async function startProcess(options: StartProcessOptions): Promise<ManagedProcess> {
  await checkDirectory(options.cwd);
  const [name = '', ...args] = options.command;
  const file = await resolveCommand(name, { cwd: options.cwd, path: options.env['PATH'] ?? '' });
  await checkFormat(file);
  const subprocess = execa(file, args, {
    cwd: options.cwd,
    env: options.env,
    extendEnv: false,
    detached: true, // a group of its own, so that a signal reaches all that it starts
    cleanup: false, // the registry does that: execa leaves detached processes alone
    buffer: false,
    encoding: 'buffer',
    reject: false,
    forceKillAfterDelay: false,
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
  });
  if (subprocess.pid === undefined) throw startError(file, (await subprocess).cause);
  return new ManagedProcess(subprocess as unknown as PipedProcess, subprocess.pid, options);
}

async function checkDirectory(cwd: string): Promise<void> {
  // Node reports a missing directory as a missing command
  const isDirectory = await stat(cwd).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  if (isDirectory) return;
  throw new ProcessStartError('bad_cwd', `The working directory ${cwd} does not exist or is no directory.`);
}

function startError(file: string, cause: unknown): ProcessStartError {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const text = cause instanceof Error ? cause.message : String(cause);
  if (code === 'ENOENT') {
    return new ProcessStartError('not_found', `${file} names an interpreter in its '#!' line that does not exist.`, {
      cause,
    });
  }
  return new ProcessStartError('refused', `${file} could not be started: ${text}.`, { cause });
}
