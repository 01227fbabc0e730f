import { join } from 'node:path';
import { ProcessStartError, resolveCommand } from '@synapse-steps/bridge/process';
import type { PythonFacts } from './probe-python.js';
import { PythonEnvironmentError } from './python-environment-error.js';
import { runProgram } from './run-program.js';

/** What makes an environment and installs into it. */
export interface Installer {
  readonly name: 'uv' | 'pip';
  /** With its version, as in `uv 0.9.8`. */
  readonly label: string;
  /** Makes an empty environment. */
  createCommand(base: string, folder: string): readonly string[];
  installCommand(folder: string, requirements: string): readonly string[];
}

export interface FindInstallerOptions {
  readonly installer?: 'uv' | 'pip' | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `uv` when it is in `PATH`, else `venv` with the pip that it brings along.
 *
 * @throws PythonEnvironmentError when neither is there.
 */
export async function findInstaller(python: PythonFacts, options: FindInstallerOptions): Promise<Installer> {
  const uv = options.installer === 'pip' ? undefined : await findUv(options);
  if (uv !== undefined) return uv;
  if (options.installer === 'uv') {
    throw noInstaller(
      `'uv' is wanted, and none of ${OLDEST_UV.join('.')} or newer is in PATH. Install it, or leave the choice open: then pip will do.`,
    );
  }
  if (python.pip === undefined) {
    throw noInstaller(
      `${python.base} has no 'venv' with pip (on Debian and its like that is the package python3-venv). Install it, or 'uv', or name another Python with 'interpreter'.`,
    );
  }
  return pip(python.pip);
}

/** The program of an environment that runs Python. */
export function pythonIn(folder: string): string {
  return join(folder, 'bin', 'python');
}

async function findUv({ cwd, env, signal }: FindInstallerOptions): Promise<Installer | undefined> {
  try {
    const program = await resolveCommand('uv', { cwd, path: env['PATH'] ?? '' });
    const { exit, stdout } = await runProgram([program, '--version'], { cwd, env, signal, timeoutMs: VERSION_MS });
    const [, version] = /^uv (\S+)/.exec(stdout) ?? [];
    // a shim of a version manager that has no uv is none
    return exit.code === 0 && version !== undefined && isNewEnough(version) ? uv(program, version) : undefined;
  } catch (error) {
    if (error instanceof ProcessStartError) return undefined;
    throw error;
  }
}

const VERSION_MS = 10_000;

function isNewEnough(version: string): boolean {
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const index = OLDEST_UV.findIndex((wanted, at) => numbers[at] !== wanted);
  return index === -1 || (numbers[index] ?? 0) > (OLDEST_UV[index] ?? 0);
}

/** The first that knows UV_DEFAULT_INDEX: an older one would ask another index than the one that is set. */
const OLDEST_UV = [0, 4, 23] as const;

function uv(program: string, version: string): Installer {
  return {
    name: 'uv',
    label: `uv ${version}`,
    createCommand: (base, folder) => [program, 'venv', '--python', base, folder],
    installCommand: (folder, requirements) => [
      program,
      'pip',
      'install',
      '--python',
      pythonIn(folder),
      '--requirement',
      requirements,
    ],
  };
}

function pip(version: string): Installer {
  return {
    name: 'pip',
    label: `pip ${version}`,
    createCommand: (base, folder) => [base, '-I', '-m', 'venv', folder],
    installCommand: (folder, requirements) => [
      pythonIn(folder),
      '-I',
      '-X',
      'utf8', // as the requirements are read here
      '-m',
      'pip',
      'install',
      ...PIP_OPTIONS,
      '--requirement',
      requirements,
    ],
  };
}

const PIP_OPTIONS = ['--disable-pip-version-check', '--no-input', '--progress-bar', 'off'];

function noInstaller(message: string): PythonEnvironmentError {
  return new PythonEnvironmentError({ code: 'python_not_found', message });
}
