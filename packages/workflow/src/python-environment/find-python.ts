import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { probePython, type PythonFacts } from './probe-python.js';
import { PythonEnvironmentError } from './python-environment-error.js';
import { parseRequiresPython, type VersionTest } from './requires-python.js';

export interface FindPythonOptions {
  /** Which versions will do, as PEP 440 specifiers. */
  readonly requiresPython?: string | undefined;
  /** The one to use, and no other: a path or a name in `PATH`. */
  readonly interpreter?: string | undefined;
  /** Programs that somebody chose by making them, such as the project's virtual environment: the first that exists is taken, and no other. */
  readonly preferred?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A Python of 3.9 or newer that fits: what `python3` and `python` are, else the newest `python3.X` in `PATH`, or of those
 * that pyenv or uv keep.
 *
 * @throws PythonEnvironmentError that lists all that was tried.
 */
export async function findPython(options: FindPythonOptions): Promise<PythonFacts> {
  const fits = parseRequiresPython(options.requiresPython);
  const tried: string[] = [];
  for (const candidate of await candidatesOf(options)) {
    const probed = await probePython(candidate, options);
    const problem = 'problem' in probed ? probed.problem : problemOf(probed.facts, fits);
    if ('facts' in probed && problem === undefined) return probed.facts;
    tried.push(`${candidate} (${problem})`);
  }
  throw new PythonEnvironmentError({ code: 'python_not_found', message: noPython(options, tried) });
}

/** Why a Python will not do, to be put after its name; undefined when it will. */
export function problemOf({ version, implementation }: PythonFacts, fits: VersionTest): string | undefined {
  const [major, minor] = version;
  const name = `${implementation === 'cpython' ? '' : `${implementation} `}${version.join('.')}`;
  if (major !== 3 || minor < OLDEST_MINOR) return `${name}, older than 3.${OLDEST_MINOR}`;
  return fits(version) ? undefined : name;
}

/** What plugins can run on. */
const OLDEST_MINOR = 9;

async function candidatesOf({ interpreter, preferred = [], env }: FindPythonOptions): Promise<string[]> {
  if (interpreter !== undefined) return [interpreter];
  const chosen = preferred.find((program) => existsSync(program));
  if (chosen !== undefined) return [chosen];
  return ['python3', 'python', ...newestFirst([...(await inPath(env['PATH'] ?? '')), ...(await kept(env))])];
}

/** The names `python3.X`, each once. */
async function inPath(path: string): Promise<string[]> {
  const folders = path.split(delimiter).filter((folder) => isAbsolute(folder));
  const names = await Promise.all(folders.map(entriesOf));
  return [...new Set(names.flat().filter((name) => /^python3\.\d+$/.test(name)))];
}

/** The interpreters that version managers keep in folders of their own. */
async function kept(env: Readonly<Record<string, string>>): Promise<string[]> {
  const home = env['HOME'] ?? '';
  const data = process.env['XDG_DATA_HOME'] || join(home, '.local', 'share');
  const folders = [
    join(process.env['PYENV_ROOT'] ?? join(home, '.pyenv'), 'versions'),
    process.env['UV_PYTHON_INSTALL_DIR'] ?? join(data, 'uv', 'python'),
  ].filter((folder) => isAbsolute(folder));
  const programs = await Promise.all(
    folders.map(async (folder) =>
      (await entriesOf(folder))
        .filter((name) => /(?:^|cpython-)3\.\d+/.test(name))
        .map((name) => join(folder, name, 'bin', 'python')),
    ),
  );
  return programs.flat();
}

function newestFirst(programs: readonly string[]): string[] {
  const versionOf = (program: string): number[] => (/3\.\d+(?:\.\d+)?/.exec(program)?.[0] ?? '').split('.').map(Number);
  return programs.toSorted((one, other) => {
    const [, minor = 0, micro = 0] = versionOf(one);
    const [, otherMinor = 0, otherMicro = 0] = versionOf(other);
    return otherMinor - minor || otherMicro - micro;
  });
}

async function entriesOf(folder: string): Promise<string[]> {
  return await readdir(folder).catch(() => []); // a folder of PATH need not exist
}

function noPython({ requiresPython, interpreter }: FindPythonOptions, tried: readonly string[]): string {
  const wanted = requiresPython === undefined ? `3.${OLDEST_MINOR} or newer` : `'${requiresPython}'`;
  const advice =
    interpreter === undefined
      ? "Install one (pyenv and 'uv python install' will do), or name one with 'interpreter'."
      : "Name another one with 'interpreter', or leave it out, so that one is looked for.";
  return `no Python ${wanted} was found. Tried: ${tried.join(', ')}. ${advice}`;
}
