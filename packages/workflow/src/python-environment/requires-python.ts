import { PythonEnvironmentError } from './python-environment-error.js';

/**
 * Major, minor and micro. As pip does, a pre-release of Python counts as the release that it leads to; a pre-release in a
 * specifier (`>=3.13.0rc1`) comes before its release, and a post-release after it.
 */
export type PythonVersion = readonly [major: number, minor: number, micro: number];

/** Whether a version of Python is one that is asked for. */
export type VersionTest = (version: PythonVersion) => boolean;

/**
 * Reads version specifiers as packages write them in `requires-python` (PEP 440): `>=3.10`, `>=3.9, <3.13`, `~=3.11`,
 * `==3.12.*`, `!=3.12.1`. A version must fit all of them; without any text each will do.
 *
 * @throws PythonEnvironmentError when it is something else.
 */
export function parseRequiresPython(text: string | undefined): VersionTest {
  if (text === undefined) return () => true;
  const tests = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => parseSpecifier(part, text));
  if (tests.length === 0) throw notASpecifier(text, 'it is empty');
  return (version) => tests.every((test) => test(version));
}

function parseSpecifier(part: string, whole: string): VersionTest {
  const groups = SPECIFIER.exec(part)?.groups;
  if (groups === undefined) throw notASpecifier(whole, `'${part}' cannot be read`);
  const { operator = '', release = '' } = groups;
  if (operator === '') throw notASpecifier(whole, `'${part}' lacks an operator, as in '>=${part}' or '==${release}.*'`);
  const numbers = release.split('.').map(Number);
  const isPrefix = groups['wildcard'] !== undefined;
  if (isPrefix && operator !== '==' && operator !== '!=') {
    throw notASpecifier(whole, `'${part}' has a '*', which only '==' and '!=' can have`);
  }
  if (operator === '~=' && numbers.length < 2) {
    throw notASpecifier(whole, `'${part}' needs a minor version, as in '~=3.10'`);
  }
  return testOf(operator, { numbers, isPrefix, side: sideOf(groups['suffix']) });
}

function sideOf(suffix: string | undefined): Release['side'] {
  if (suffix === undefined) return 0;
  return /^[._-]?post/i.test(suffix) ? -1 : 1;
}

const SPECIFIER =
  /^(?<operator>~=|===?|!=|<=|>=|<|>|)\s*v?(?:0!)?(?<release>\d{1,9}(?:\.\d{1,9}){0,9})(?:(?<wildcard>\.\*)|(?<suffix>(?:[._-]?(?:alpha|beta|preview|pre|rc|a|b|c|post|dev)[._-]?\d{0,9}){1,3}))?$/i;

interface Release {
  readonly numbers: readonly number[];
  /** `3.12.*` */
  readonly isPrefix: boolean;
  /** How releases of the same numbers compare with it: they come after its pre-releases, and before its post-releases. */
  readonly side: -1 | 0 | 1;
}

function testOf(operator: string, { numbers, isPrefix, side }: Release): VersionTest {
  const compared = (version: PythonVersion): number => compare(version, numbers) || side;
  const isEqual: VersionTest = (version) => (isPrefix ? startsWith(version, numbers) : compared(version) === 0);
  switch (operator) {
    case '==':
    case '===':
      return isEqual;
    case '!=':
      return (version) => !isEqual(version);
    case '>=':
      return (version) => compared(version) >= 0;
    case '<=':
      return (version) => compared(version) <= 0;
    case '>':
      return (version) => compared(version) > 0;
    case '<':
      return (version) => compared(version) < 0;
    default: // ~=3.10.2 is >=3.10.2, ==3.10.*
      return (version) => compared(version) >= 0 && startsWith(version, numbers.slice(0, -1));
  }
}

/** Missing numbers are zeros. */
function compare(version: readonly number[], release: readonly number[]): number {
  for (let index = 0; index < Math.max(version.length, release.length); index += 1) {
    const difference = (version[index] ?? 0) - (release[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function startsWith(version: readonly number[], release: readonly number[]): boolean {
  return release.every((number, index) => (version[index] ?? 0) === number);
}

function notASpecifier(text: string, why: string): PythonEnvironmentError {
  return new PythonEnvironmentError({
    code: 'python_version',
    message: `'${text}' says no version of Python: ${why}. Write it as '>=3.10' or '>=3.9,<3.13'.`,
  });
}
