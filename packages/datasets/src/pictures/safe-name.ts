/**
 * Why a name from outside may not become part of a path; `undefined` when it may.
 *
 * @param name one part of a path, or several with `/` between them where `folders` is true
 */
export function unsafeName(name: string, { folders = false }: { readonly folders?: boolean } = {}): string | undefined {
  const parts = folders ? name.split('/') : [name];
  for (const part of parts) {
    const why = unsafePart(part);
    if (why !== undefined) return `${JSON.stringify(name)} cannot be the name of a file or folder: ${why}.`;
  }
  return undefined;
}

const LONGEST_NAME = 255;

function unsafePart(part: string): string | undefined {
  if (part === '') return 'it is, or has a part that is, empty';
  if (part === '.' || part === '..') return 'it would lead elsewhere';
  if (/[/\\]/u.test(part)) return 'it contains a slash';
  if (hasControlCharacter(part)) return 'it contains a line break or another control character';
  if (new TextEncoder().encode(part).length > LONGEST_NAME) return `it is longer than ${LONGEST_NAME} bytes`;
  return undefined;
}

/** Whether a text would break a file in which each line is one. */
export function hasControlCharacter(text: string): boolean {
  return /[\p{Cc}\u2028\u2029]/u.test(text);
}
