// How two observations are compared: as the README of the vectors says.

const OWN_ERRORS = ['RuntimeError', 'ValueError', 'TypeError'];
const CLOCK = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** Where the two differ first, as a path and what stands there; undefined when they agree. */
export function firstDifference(expected: unknown, observed: unknown, path = ''): string | undefined {
  if (isRaised(expected) && isRaised(observed)) return raisedDifference(expected, observed, path);
  if (typeof expected === 'string') return isSameText(expected, observed) ? undefined : say(path, expected, observed);
  if (Array.isArray(expected)) return listDifference(expected, observed, path);
  if (isRecord(expected)) return recordDifference(expected, observed, path);
  return Object.is(expected, observed) || expected === observed ? undefined : say(path, expected, observed);
}

interface Raised {
  readonly raised: { readonly type: string; readonly message: string; readonly chained: boolean };
}

/** Of errors that are not the SDK's own only that one comes out counts. */
function raisedDifference(expected: Raised, observed: Raised, path: string): string | undefined {
  if (!OWN_ERRORS.includes(expected.raised.type)) return undefined;
  return recordDifference({ ...expected.raised }, { ...observed.raised }, `${path}/raised`);
}

function listDifference(expected: readonly unknown[], observed: unknown, path: string): string | undefined {
  if (!Array.isArray(observed)) return say(path, expected, observed);
  for (const [index, item] of expected.entries()) {
    if (index >= observed.length) return say(`${path}/${index}`, item, undefined);
    const difference = firstDifference(item, observed[index], `${path}/${index}`);
    if (difference !== undefined) return difference;
  }
  return observed.length > expected.length
    ? say(`${path}/${expected.length}`, undefined, observed[expected.length])
    : undefined;
}

function recordDifference(expected: Record<string, unknown>, observed: unknown, path: string): string | undefined {
  if (!isRecord(observed)) return say(path, expected, observed);
  for (const key of new Set([...Object.keys(expected), ...Object.keys(observed)])) {
    const here = `${path}/${key}`;
    if (!Object.hasOwn(expected, key)) return say(here, undefined, observed[key]);
    if (!Object.hasOwn(observed, key)) return say(here, expected[key], undefined);
    const difference = firstDifference(expected[key], observed[key], here);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

/** Placeholders: a time, any text, and words of the Python interpreter within a text. */
function isSameText(expected: string, observed: unknown): boolean {
  if (typeof observed !== 'string') return false;
  if (expected === '<clock>') return observed === '<clock>' || CLOCK.test(observed);
  if (expected === '<text>') return true;
  if (!expected.includes('<python>')) return expected === observed;
  const pattern = expected.split('<python>').map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${pattern.join('.*')}$`, 's').test(observed);
}

function isRaised(value: unknown): value is Raised {
  return isRecord(value) && isRecord(value['raised']);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function say(path: string, expected: unknown, observed: unknown): string {
  return `${path || '/'}: expected ${show(expected)}, found ${show(observed)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);
}
