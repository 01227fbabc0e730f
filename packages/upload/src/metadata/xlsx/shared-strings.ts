import { limitError } from '../metadata-rows.js';
import { RichText } from './rich-text.js';
import { parseXml } from './parse-xml.js';
import type { ZipParts } from './zip-parts.js';

export interface SharedStringsOptions {
  readonly maxTextLength: number;
  readonly signal?: AbortSignal | undefined;
}

/** The texts that cells of all sheets refer to by number. */
export async function readSharedStrings(
  parts: ZipParts,
  name: string | undefined,
  options: SharedStringsOptions,
): Promise<readonly string[]> {
  const strings: string[] = [];
  if (name === undefined) return strings;
  let length = 0;
  const text = new RichText();
  await parseXml(
    await parts.read(name),
    {
      open: (tag) => (tag === 'si' ? text.begin() : text.open(tag)),
      text: (piece) => text.add(piece),
      close: (tag) => {
        text.close(tag);
        if (tag !== 'si') return;
        strings.push(text.end());
        length += (strings.at(-1)?.length ?? 0) + 1; // an empty string costs, too
        if (length > options.maxTextLength) throw limitError('Excel file holds too many shared texts');
      },
    },
    options.signal,
  );
  return strings;
}
