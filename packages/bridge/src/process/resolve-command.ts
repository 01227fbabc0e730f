import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { ProcessStartError } from './process-start-error.js';

/** Where a command is looked for. */
export interface ResolveCommandOptions {
  /** A command with a slash in it is relative to this directory. */
  readonly cwd: string;
  /** A bare name is looked for in these directories, as in the variable `PATH`. */
  readonly path: string;
}

/**
 * The absolute path of a command. A bare name is looked for in the path only, never in the working directory: there
 * anybody could have put a file of that name.
 *
 * @throws ProcessStartError when there is no such file, or it may not be executed.
 */
export async function resolveCommand(command: string, options: ResolveCommandOptions): Promise<string> {
  if (isAbsolute(command) || command.includes('/')) return await checked(resolve(options.cwd, command), command);
  for (const directory of options.path.split(delimiter)) {
    if (!isAbsolute(directory)) continue;
    const file = join(directory, command);
    if ((await findProblem(file)) === undefined) return file;
  }
  throw new ProcessStartError(
    'not_found',
    `The command '${command}' was not found in PATH. Install it, or give its path (./${command} for a file beside you).`,
  );
}

async function checked(file: string, command: string): Promise<string> {
  const problem = await findProblem(file);
  if (problem === undefined) return file;
  throw new ProcessStartError(problem, PROBLEM_TEXT[problem](file, command));
}

const PROBLEM_TEXT = {
  not_found: (file: string, command: string) =>
    `The command '${command}' does not exist: there is no file ${file}. Check the path; it is relative to the working directory.`,
  not_executable: (file: string, command: string) =>
    `The command '${command}' is not executable: ${file}. Run 'chmod +x ${file}', or name its interpreter in the command.`,
};

async function findProblem(file: string): Promise<keyof typeof PROBLEM_TEXT | undefined> {
  try {
    if (!(await stat(file)).isFile()) return 'not_executable';
  } catch {
    return 'not_found'; // also when a directory on the way may not be read: for us there is no such file
  }
  return await access(file, constants.X_OK).then(
    () => undefined,
    () => 'not_executable' as const,
  );
}
