// Texts in which something changes with every run, or is somebody else's words.

const PATTERNS: Readonly<Record<string, string>> = {
  '{time}': String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?`,
  '{date}': String.raw`\d{8}`,
  '{seconds}': String.raw`\d{10}`,
  '{clock}': String.raw`-?\d+(?:\.\d+)?`,
  '{pid}': String.raw`\d+`,
  '{port}': String.raw`\d+`,
  '{random}': '[0-9a-f]{8}',
  '{address}': '0x[0-9a-f]+',
  '{any}': '.*',
};
const PLACEHOLDER = /(\{(?:time|date|seconds|clock|pid|port|random|address|any)\})/;

/** Whether a value is what a text of a vector stands for. `{any}` and `{clock}` alone stand for more than texts. */
export function isSameText(expected: string, observed: unknown): boolean {
  if (expected === '{any}') return observed !== undefined;
  if (expected === '{clock}' && typeof observed === 'number') return true;
  if (typeof observed !== 'string') return false;
  if (!PLACEHOLDER.test(expected)) return expected === observed;
  const pattern = expected.split(PLACEHOLDER).map((part) => PATTERNS[part] ?? escapeText(part));
  return new RegExp(`^${pattern.join('')}$`, 's').test(observed);
}

function escapeText(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/**
 * Where somebody else's words begin in a message of the SDK: those of its HTTP client, of pydantic and of Python are no
 * contract. What stands before is the SDK's own.
 */
const FOREIGN: readonly RegExp[] = [
  /(?<= not found: ).*$/s,
  /(?<=Failed to get storage \S+: ).*$/s,
  /(?<=Failed to analyze collection \S+: ).*$/s,
  /\b\d{3}: .*$/s,
  /\bBackend (?:response incomplete|connection refused|retries exhausted|timed out)\b.*$/s,
  /\b\d+ validation errors? for .*$/s,
];

/** A message with `{any}` for what is not the SDK's own words. */
export function ownWords(message: string): string {
  return FOREIGN.reduce((text, pattern) => text.replace(pattern, '{any}'), message);
}
