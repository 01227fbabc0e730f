import { withoutPasswords } from './without-passwords.js';
import { PythonEnvironmentError } from './python-environment-error.js';

export interface InstallFailure {
  /** What was being done, as in `pip 24.0 could not install requirements.txt`. */
  readonly what: string;
  /** Where environments are kept. */
  readonly folder: string;
  readonly code: number;
  /** Whether there is hardly any room in the folder. */
  readonly isFull: boolean;
  readonly lines: readonly string[];
}

/** The error of an installer that failed: its own last words, and what may help. */
export function installFailure({ what, folder, code, isFull, lines }: InstallFailure): PythonEnvironmentError {
  const said = lines
    .map((line) => withoutPasswords(line).trimEnd())
    .filter((line) => line !== '')
    .slice(-SHOWN_LINES);
  const how = code < 0 ? `was ended by signal ${-code}` : `exit code ${code}`;
  const advice = (isFull ? DISK_FULL : adviceFor(lines.join('\n'))).replace('FOLDER', folder);
  return new PythonEnvironmentError({
    code: 'python_install_failed',
    message: [`${what} (${how}). ${advice}`, ...said.map((line) => `  ${line}`)].join('\n'),
    details: { exitCode: code, lines: said },
  });
}

const SHOWN_LINES = 12;

/** Only advice hangs on the text: the first that fits. */
function adviceFor(text: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(text))?.[1];
  return advice ?? 'Nothing of it is kept; correct what it says, and start again.';
}

const DISK_FULL = 'The disk is full: make room for FOLDER, or set XDG_CACHE_HOME to a folder on another disk.';

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC|Disk quota exceeded/i, DISK_FULL],
  [
    /Read-only file system|Permission denied/i,
    'Something may not be written: look at the permissions of FOLDER, or set XDG_CACHE_HOME to a folder of yours.',
  ],
  [
    /CERTIFICATE_VERIFY_FAILED|invalid peer certificate/i,
    'The index is not trusted: name your certificates with PIP_CERT or SSL_CERT_FILE.',
  ],
  [
    /NewConnectionError|ConnectTimeout|ProxyError|Max retries exceeded|Name or service not known|Temporary failure in name resolution|Network is unreachable|dns error|error sending request|client error \(Connect\)|tcp connect/i,
    'The package index cannot be reached: look at the network and the proxy variables. Without a network, put wheels into a folder and set PIP_NO_INDEX=1 and PIP_FIND_LINKS=/that/folder, which uv is told as well.',
  ],
  [
    /requires a different Python|Requires-Python|does not satisfy Python/i,
    "A package does not run on this version of Python: name another with 'requiresPython' or 'interpreter'.",
  ],
  [
    /No matching distribution|No solution found|ResolutionImpossible|conflicting dependencies/i,
    'There is no such package, or none that fits this Python and the other packages: check names and versions in the requirements. Where no version is found at all, the index may be out of reach.',
  ],
  [/Invalid requirement|Couldn't parse requirement/i, 'A line of the requirements cannot be read: correct it.'],
  [
    /Failed building wheel|Failed to build|metadata-generation-failed|error: command .*(?:gcc|cc|clang)/i,
    'A package has no wheel for this Python and could not be built here: choose another version of it or of Python, or install what its build needs.',
  ],
];
