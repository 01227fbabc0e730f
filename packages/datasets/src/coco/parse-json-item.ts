/** Text in quotes, or a bare word or number: what a value can consist of. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?[\w.+-]+/gsu;
const UNUSUAL = /\d{16}|NaN|Infinity/u;

/**
 * One item of a list. Two things are read more kindly than JSON allows, since Python writes them: numbers that are none (`NaN`,
 * `Infinity`) become `null`, and whole numbers that JavaScript would round, such as long ids, become text.
 *
 * @throws SyntaxError
 */
export function parseJsonItem(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  return JSON.parse(UNUSUAL.test(text) ? text.replace(TOKENS, plainToken) : text);
}

function plainToken(token: string): string {
  if (/^-?(?:NaN|Infinity)$/u.test(token)) return 'null';
  if (/^-?\d+$/u.test(token) && !Number.isSafeInteger(Number(token))) return `"${token}"`;
  return token;
}
