import { fileTypeFromBuffer } from 'file-type';

/**
 * Signatures that a few bytes tell, in hexadecimal. Of what begins like this no more is asked: a picture may be cut off and
 * still be one.
 */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  jpg: /^ffd8ff/u,
  png: /^89504e470d0a1a0a/u,
  gif: /^4749463[89]/u,
  bmp: /^424d/u,
  tif: /^(?:4949(?:2a|2b)00|4d4d00(?:2a|2b))/u,
  webp: /^52494646.{8}57454250/u,
  wav: /^(?:52494646|52463634).{8}57415645/u,
  avi: /^52494646.{8}41564920/u,
  mp4: /^.{8}(?:66747970|6d6f6f76|6d646174|77696465|66726565|736b6970|706e6f74)/u, // ftyp, moov, mdat, wide, free, skip, pnot
  mkv: /^1a45dfa3/u,
  ogg: /^4f676753/u,
  flac: /^664c6143/u,
  zip: /^504b(?:0304|0506|0708)/u,
  gz: /^1f8b/u,
};

/** Extensions whose files begin in one way, by the name of that way; formats without a firm beginning are not here. */
const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  jpg: ['jpg', 'jpeg', 'jpe', 'jfif'],
  png: ['png', 'apng'],
  tif: ['tif', 'tiff'],
  mp4: ['mp4', 'm4v', 'm4a', 'mov', 'qt', '3gp', '3g2'],
  mkv: ['mkv', 'webm', 'mka'],
  ogg: ['ogg', 'ogv', 'oga', 'opus'],
  zip: ['zip', 'docx', 'xlsx', 'pptx', 'odt', 'ods', 'odp', 'npz', 'kmz'],
  gz: ['gz', 'tgz'],
  heic: ['heic', 'heif'],
  ...Object.fromEntries(
    ['gif', 'bmp', 'webp', 'wav', 'avi', 'flac', 'pdf', 'mp3', 'avif', 'psd', '7z', 'rar', 'xz', 'bz2'].map((one) => [
      one,
      [one],
    ]),
  ),
};

const FAMILY_OF = new Map(Object.entries(FAMILIES).flatMap(([family, names]) => names.map((name) => [name, family])));

export type Signature =
  /** The file begins as its extension promises. */
  | { readonly kind: 'own' }
  /** The extension promises nothing. */
  | { readonly kind: 'none' }
  /** It begins as something else: `png` for example, or `unknown`. */
  | { readonly kind: 'other'; readonly found: string };

/**
 * Does a file begin as its extension promises, and as what if not?
 *
 * @param extension without the dot, in lower case
 * @param head the first few kilobytes
 */
export async function signatureOf(extension: string, head: Buffer): Promise<Signature> {
  const family = FAMILY_OF.get(extension);
  if (family === undefined) return { kind: 'none' };
  if (SIGNATURES[family]?.test(head.toString('hex', 0, 16)) === true) return { kind: 'own' };
  if (family === 'pdf' && head.subarray(0, 1024).includes('%PDF-')) return { kind: 'own' }; // readers take that much before it
  const { ext: found } = (await fileTypeFromBuffer(head)) ?? { ext: 'unknown' };
  return FAMILY_OF.get(found) === family ? { kind: 'own' } : { kind: 'other', found };
}
