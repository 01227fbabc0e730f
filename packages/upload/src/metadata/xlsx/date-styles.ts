import { parseXml, type XmlAttributes } from './parse-xml.js';
import type { ZipParts } from './zip-parts.js';

/** For each cell style, by its number: do its numbers mean dates or times? */
export async function readDateStyles(
  parts: ZipParts,
  name: string | undefined,
  signal?: AbortSignal,
): Promise<readonly boolean[]> {
  const styles: boolean[] = [];
  if (name === undefined) return styles;
  const formats = new Map<string, string>();
  let inCellStyles = false;
  const open = (tag: string, attributes: XmlAttributes): void => {
    if (tag === 'numFmt') formats.set(attributes['numFmtId'] ?? '', attributes['formatCode'] ?? '');
    if (tag === 'cellXfs') inCellStyles = true;
    if (tag === 'xf' && inCellStyles) styles.push(meansDate(attributes['numFmtId'] ?? '0', formats));
  };
  const close = (tag: string): void => {
    if (tag === 'cellXfs') inCellStyles = false;
  };
  await parseXml(await parts.read(name), { open, close }, signal);
  return styles;
}

function meansDate(id: string, formats: ReadonlyMap<string, string>): boolean {
  const code = formats.get(id);
  return code === undefined ? isBuiltInDate(Number(id)) : isDateFormat(code);
}

/** Formats that every program knows by number; those from 27 on are East Asian. */
function isBuiltInDate(id: number): boolean {
  return [
    [14, 22],
    [27, 36],
    [45, 47],
    [50, 58],
  ].some(([from = 0, to = 0]) => id >= from && id <= to);
}

/** A date format has a y, m, d, h or s outside of quotes, escapes, colours and conditions; its first section decides. */
export function isDateFormat(code: string): boolean {
  const bare = code
    .replaceAll(/"[^"]*"|\\.|_.|\*./gu, '')
    .replaceAll(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/giu, '')
    .split(';')[0];
  return bare !== undefined && !/general/iu.test(bare) && /[ymdhs]/iu.test(bare);
}
