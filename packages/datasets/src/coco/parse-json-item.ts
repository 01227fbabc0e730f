/** Text in quotes, or a bare word or number: what a value can consist of. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?[\w.+-]+/gsu;

/**
 * One item of a list. Two things are read more kindly than JSON allows, since Python writes them: numbers that are none (`NaN`,
 * `Infinity`) become `null`, and ids that JavaScript would round become text.
 *
 * @throws SyntaxError
 */
export function parseJsonItem(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  const value = parse(text);
  return hasRounded(value) ? JSON.parse(plain(text)) : value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (/NaN|Infinity/u.test(text)) return JSON.parse(plain(text));
    throw error;
  }
}

/** Whether one of its fields is a whole number of which some digits were lost. */
function hasRounded(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  for (const field of Object.values(value)) {
    if (typeof field === 'number' && Number.isInteger(field) && !Number.isSafeInteger(field)) return true;
  }
  return false;
}

function plain(text: string): string {
  return text.replace(TOKENS, plainToken);
}

function plainToken(token: string): string {
  if (/^-?(?:NaN|Infinity)$/u.test(token)) return 'null';
  if (/^-?\d+$/u.test(token) && !Number.isSafeInteger(Number(token))) return `"${token}"`;
  return token;
}
