/** A place in a text, from its first character to behind its last, and the name of the secret that stands there. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** What is to be found. */
export interface SecretPart {
  readonly part: string;
  readonly name: string;
}

/** A character as `\u0000`, the longest that one can get. */
export const LONGEST_ESCAPE = 6;

/**
 * Finds where secrets stand in a text, as they are or with the escapes of JSON, in which each character may be written in
 * several ways. `rawOf` is how a character stands in the text where it is not escaped. What overlaps counts as one.
 */
export function findSecrets(
  text: string,
  parts: readonly SecretPart[],
  rawOf: (character: string) => string = asItIs,
): SecretSpan[] {
  const found = occurrencesOf(parts, text);
  if (text.includes('\\')) found.push(...occurrencesInJson(parts, text, rawOf));
  return merged(found);
}

function asItIs(character: string): string {
  return character;
}

function occurrencesOf(parts: readonly SecretPart[], text: string): SecretSpan[] {
  const found: SecretSpan[] = [];
  for (const { part, name } of parts) {
    for (let start = text.indexOf(part); start !== -1; start = text.indexOf(part, start + part.length)) {
      found.push({ start, end: start + part.length, name });
    }
  }
  return found;
}

/** An escape: where what it stands for ends in the plain text, and by how much the text is longer up to there. */
interface Escape {
  readonly plainEnd: number;
  readonly longer: number;
}

function occurrencesInJson(
  parts: readonly SecretPart[],
  text: string,
  rawOf: (character: string) => string,
): SecretSpan[] {
  const escapes: Escape[] = [];
  let longer = 0;
  const plain = text.replace(ESCAPES, (escape, offset: number) => {
    const raw = rawOf(JSON.parse(`"${escape}"`) as string);
    const plainEnd = offset - longer + raw.length;
    longer += escape.length - raw.length;
    escapes.push({ plainEnd, longer });
    return raw;
  });
  const inText = (position: number): number => position + longerAt(escapes, position);
  return occurrencesOf(parts, plain).map(({ start, end, name }) => ({ start: inText(start), end: inText(end), name }));
}

/** A pair of surrogates is one character. */
const ESCAPES = /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\u[\da-fA-F]{4}|\\["\\/bfnrt]/g;

/** By how much the text is longer than the plain one, up to a place of that: of the last escape before it. */
function longerAt(escapes: readonly Escape[], position: number): number {
  let low = 0;
  let high = escapes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((escapes[middle]?.plainEnd ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return escapes[low - 1]?.longer ?? 0;
}

/** In order, and without overlaps; the first of those that overlap gives the name, of those that begin together the longest. */
function merged(found: readonly SecretSpan[]): SecretSpan[] {
  const spans: SecretSpan[] = [];
  for (const span of found.toSorted((one, other) => one.start - other.start || other.end - one.end)) {
    const last = spans.at(-1);
    if (last === undefined || last.end <= span.start) spans.push(span);
    else if (last.end < span.end) spans.splice(-1, 1, { ...last, end: span.end });
  }
  return spans;
}
