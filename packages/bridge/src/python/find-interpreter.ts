import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ProcessStartError, resolveCommand } from '../process/index.js';
import { type ProbedPython, probePython } from './probe-python.js';

/** Where a Python is looked for. */
export interface FindInterpreterOptions {
  /** The one to use, and no other: a path or a name in `PATH`. */
  readonly interpreter?: string | undefined;
  /** The plugin's file. */
  readonly file: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The activated virtual environment. */
  readonly virtualEnv: string | undefined;
}

/** No Python of 3.9 or newer was found; the message lists what was tried. */
export class NoPythonError extends Error {
  override readonly name = 'NoPythonError';
}

const found = new Map<string, Promise<string>>();

/**
 * The absolute path of the Python that runs a plugin, looked for once per place: the project's own virtual environment,
 * then `python3`, then `python`. Shims of version managers are followed to the real program, which starts faster.
 *
 * @throws NoPythonError
 */
export async function findInterpreter(options: FindInterpreterOptions): Promise<string> {
  const key = JSON.stringify([
    options.interpreter,
    dirname(options.file),
    options.cwd,
    options.virtualEnv,
    options.env['PATH'],
  ]);
  const search = found.get(key) ?? searchInterpreter(options);
  found.set(key, search);
  try {
    return await search;
  } catch (error) {
    found.delete(key); // a Python that is installed later shall be found then
    throw error;
  }
}

async function searchInterpreter(options: FindInterpreterOptions): Promise<string> {
  const tried: string[] = [];
  for (const candidate of candidates(options)) {
    const probed = await tryCandidate(candidate, options);
    if (probed.problem === undefined) return probed.executable;
    tried.push(`${candidate} (${probed.problem})`);
    if (candidate.includes('/')) break; // somebody chose this one: another one would surprise
  }
  throw new NoPythonError(
    `Python is missing or too old: version 3.9 or newer is needed. Tried: ${tried.join(', ')}. Install Python 3, or name one with { python: '…', interpreter: '/path/to/python3' }.`,
  );
}

function candidates(options: FindInterpreterOptions): string[] {
  if (options.interpreter !== undefined) return [options.interpreter];
  const environments = [
    ...(options.virtualEnv === undefined ? [] : [options.virtualEnv]),
    join(dirname(options.file), '.venv'),
    join(options.cwd, '.venv'),
  ];
  const own = environments.map((folder) => resolve(folder, 'bin', 'python')).filter((program) => existsSync(program));
  return [...own, 'python3', 'python'];
}

type Tried = { readonly problem: undefined; readonly executable: string } | { readonly problem: string };

async function tryCandidate(candidate: string, options: FindInterpreterOptions): Promise<Tried> {
  try {
    const program = await resolveCommand(candidate, { cwd: options.cwd, path: options.env['PATH'] ?? '' });
    return judge(await probePython(program, options));
  } catch (error) {
    if (error instanceof ProcessStartError)
      return { problem: error.problem === 'not_found' ? 'not found' : error.message };
    throw error;
  }
}

function judge(probed: ProbedPython): Tried {
  if ('problem' in probed) return { problem: probed.problem };
  const [major, minor] = probed.version;
  const isNewEnough = major > 3 || (major === 3 && minor >= OLDEST_MINOR);
  if (isNewEnough) return { problem: undefined, executable: probed.executable };
  return { problem: `version ${probed.version.join('.')}` };
}

const OLDEST_MINOR = 9;
