import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { processEnvironment } from '@synapse-steps/bridge/process';

export interface InstallerEnvironmentOptions {
  /** Further names that are passed on, as those that requirements name in `${NAME}`. */
  readonly granted?: readonly string[];
  /** Values that are set as they are. */
  readonly extra?: Readonly<Record<string, string>>;
}

/**
 * The environment of pip and uv: what plugins get, the installers' own settings, and how to reach the network from here.
 * Indexes with passwords in them are told this way, never in a command line, which everybody on a machine can read.
 */
export function installerEnvironment(options: InstallerEnvironmentOptions = {}): Record<string, string> {
  const { granted = [], extra = {} } = options;
  const names = [...Object.keys(process.env).filter(isGranted), ...granted.filter((name) => !ELSEWHERE.has(name))];
  const environment = processEnvironment({ granted: names, extra: settingsForUv() });
  for (const [name, separator] of PATHS) {
    const value = environment[name];
    if (value !== undefined) environment[name] = withWholePaths(value, separator);
  }
  return { ...environment, ...FIXED, ...extra };
}

function isGranted(name: string): boolean {
  if (ELSEWHERE.has(name)) return false;
  return /^(?:PIP|UV)_/.test(name) || GRANTED.has(name) || PROXIES.has(name.toLowerCase());
}

const PROXIES: ReadonlySet<string> = new Set(['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']);

/** Certificates, folders of caches and settings, and what compilers heed when a package is built here. */
const GRANTED: ReadonlySet<string> = new Set(
  [
    'SSL_CERT_FILE SSL_CERT_DIR REQUESTS_CA_BUNDLE CURL_CA_BUNDLE NETRC',
    'XDG_CACHE_HOME XDG_CONFIG_HOME XDG_DATA_HOME',
    'CC CXX CFLAGS CPPFLAGS CXXFLAGS LDFLAGS PKG_CONFIG_PATH SOURCE_DATE_EPOCH',
  ].flatMap((names) => names.split(' ')),
);

/** Settings that would install somewhere else than into the environment, or nothing at all. */
const ELSEWHERE: ReadonlySet<string> = new Set(
  [
    'PIP_TARGET PIP_PREFIX PIP_ROOT PIP_USER PIP_PYTHON PIP_DRY_RUN PIP_REQUIREMENT PIP_REPORT',
    'UV_TARGET UV_PREFIX UV_SYSTEM_PYTHON UV_PYTHON UV_PROJECT_ENVIRONMENT UV_VENV_CLEAR UV_DRY_RUN',
  ].flatMap((names) => names.split(' ')),
);

const FIXED: Readonly<Record<string, string>> = {
  PIP_USER: '0', // a file of settings may say otherwise
  PYTHONUNBUFFERED: '1',
  PYTHONUTF8: '1',
};

/** Installers run beside the requirements; whoever wrote a relative path into a variable meant their own directory. */
function withWholePaths(value: string, separator: RegExp | undefined): string {
  const whole = (path: string): string => (path !== '' && existsSync(resolve(path)) ? resolve(path) : path);
  return separator === undefined ? whole(value) : value.split(separator).map(whole).join('');
}

const SPACES = /(\s+)/;

/** Names of variables with paths in them; those with a separator, which is kept, hold several. */
const PATHS: ReadonlyMap<string, RegExp | undefined> = new Map([
  ['PIP_FIND_LINKS', SPACES],
  ['PIP_CONSTRAINT', SPACES],
  ['PIP_BUILD_CONSTRAINT', SPACES],
  ['PIP_CONFIG_FILE', undefined],
  ['PIP_CERT', undefined],
  ['PIP_CLIENT_CERT', undefined],
  ['PIP_CACHE_DIR', undefined],
  ['UV_FIND_LINKS', /(,)/],
  ['UV_CONSTRAINT', SPACES],
  ['UV_BUILD_CONSTRAINT', SPACES],
  ['UV_OVERRIDE', SPACES],
  ['UV_CONFIG_FILE', undefined],
  ['UV_CACHE_DIR', undefined],
  ['SSL_CERT_FILE', undefined],
  ['SSL_CERT_DIR', undefined],
  ['REQUESTS_CA_BUNDLE', undefined],
  ['CURL_CA_BUNDLE', undefined],
  ['NETRC', undefined],
]);

/** Whoever has set pip up for an index of their own means uv as well, unless that has its own setting. */
function settingsForUv(): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [pip, uv, separator] of PIP_TO_UV) {
    const value = process.env[pip];
    if (value === undefined || value === '' || process.env[uv] !== undefined) continue;
    settings[uv] = separator === undefined ? value : value.trim().split(/\s+/).join(separator);
  }
  return settings;
}

const PIP_TO_UV: readonly (readonly [pip: string, uv: string, separator?: string])[] = [
  ['PIP_INDEX_URL', 'UV_DEFAULT_INDEX'],
  ['PIP_EXTRA_INDEX_URL', 'UV_INDEX', ' '],
  ['PIP_FIND_LINKS', 'UV_FIND_LINKS', ','],
  ['PIP_NO_INDEX', 'UV_NO_INDEX'],
  ['PIP_CERT', 'SSL_CERT_FILE'],
];
