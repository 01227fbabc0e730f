/** What a plugin may see of the host's environment. */
export interface ProcessEnvironmentOptions {
  /** Names that are passed on although the allow-list does not hold them, or would even drop them. */
  readonly granted?: readonly string[];
  /** Values that are set as they are. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Where values come from; the environment of this process when left out. */
  readonly source?: Readonly<Record<string, string | undefined>>;
}

/** Names that every plugin gets; the `LC_` family as well. */
export const ALLOWED_NAMES: readonly string[] = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'USER',
  'LOGNAME',
  'SHELL',
  'TERM',
];

/**
 * The environment of a plugin: an allow-list, because a host's environment is full of tokens. Names such as
 * `LD_PRELOAD` or `PYTHONPATH`, which change what code runs, are not on the list and come only when they are granted.
 */
export function processEnvironment(options: ProcessEnvironmentOptions = {}): Record<string, string> {
  const { granted = [], extra = {}, source = process.env } = options;
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(source)) {
    if (value === undefined || !(isAllowed(name) || granted.includes(name))) continue;
    if (isShellFunction(value)) continue;
    environment[name] = value;
  }
  return { ...environment, ...extra };
}

function isAllowed(name: string): boolean {
  return ALLOWED_NAMES.includes(name) || name.startsWith('LC_');
}

/** Bash exports functions as values that begin so; old shells execute what follows. */
function isShellFunction(value: string): boolean {
  return value.startsWith('()');
}
