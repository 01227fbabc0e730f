const LONGEST = 300;

/** What the server said, as one short line without a full stop, for people; empty when it said nothing. */
export function serverWords(detail: unknown): string {
  const text = typeof detail === 'string' ? plainText(detail) : wordsOf(detail);
  const line = text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line;
}

/** `{detail: "…"}` is said as it is, `{name: ["exists"]}` as `name: exists`. */
function wordsOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(wordsOf).filter(Boolean).join(', ');
  if (typeof value !== 'object') return JSON.stringify(value);
  const entries = Object.entries(value);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only && ['detail', 'message', 'error'].includes(only[0])) return wordsOf(only[1]);
  return entries.map(([key, item]) => `${key}: ${wordsOf(item)}`).join('; ');
}

/** Of a page of HTML its title: the rest is for browsers. */
function plainText(text: string): string {
  if (!/^\s*<(?:!doctype|html)/i.test(text)) return text;
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1];
  return title ? `an HTML page, "${title.trim()}"` : 'an HTML page';
}
