import { processEnvironment } from '@synapse-steps/bridge/process';

/**
 * The environment of pip and uv: what plugins get, the installers' own settings, and how to reach the network from here.
 * Indexes with passwords in them are told this way, never in a command line, which everybody on a machine can read.
 */
export function installerEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const granted = Object.keys(process.env).filter(isGranted);
  return processEnvironment({ granted, extra: { ...settingsForUv(), ...FIXED, ...extra } });
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
