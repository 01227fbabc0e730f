const composed = new WeakMap<ReadonlyMap<string, string>, ReadonlyMap<string, string>>();

/**
 * The file of a picture, of those that `picturesIn` found. A name can be written in two ways that look the same, and macOS takes
 * the other one (é in two pieces) than most do: one that is not there as it is written is looked for as it looks.
 */
export function findPicture(pictures: ReadonlyMap<string, string>, name: string): string | undefined {
  const found = pictures.get(name);
  if (found !== undefined || !isSpecial(name)) return found;
  let names = composed.get(pictures);
  if (names === undefined) {
    names = new Map([...pictures].map(([key, file]) => [key.normalize('NFC'), file]));
    composed.set(pictures, names);
  }
  return names.get(name.normalize('NFC'));
}

/** Whether it has anything that could be written otherwise. */
function isSpecial(name: string): boolean {
  return /[^\x20-\x7e]/u.test(name);
}
