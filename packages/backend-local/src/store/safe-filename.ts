/**
 * The last part of a name that a client gave, without what could be mistaken for a path or break a header. Files are never
 * stored under it; it is for people, and for the end of an address.
 */
export function safeFilename(given: string): string {
  const base = given.split(/[/\\]/).at(-1) ?? '';
  const short = base.slice(-MAX_LENGTH).replaceAll(/[\p{Cc}\p{Cs}]/gu, '_');
  return short === '' || short === '.' || short === '..' ? 'file' : short;
}

const MAX_LENGTH = 200;
