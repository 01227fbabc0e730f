/**
 * JSON has no words for large integers and for bytes. Both are written as an object with one key, the tag. A key of a user
 * that looks like a tag gets one more `$` when it is written, and loses it when it is read.
 */

/** A `bigint` as JSON; `undefined` for one that is too long to be read everywhere. */
export function integerTag(value: bigint): { $int: string } | undefined {
  const text = String(value);
  return text.length > LONGEST_INTEGER ? undefined : { $int: text };
}

/**
 * Bytes as JSON. Many bytes are written down only when somebody reads the text: a plugin gets them as a file, and then
 * nobody does. Until then a copy of them is kept, or what `keep` makes of them.
 */
export function bytesTag(value: Uint8Array, keep = copyOf): { readonly $bytes: string } {
  if (value.length <= FEW_BYTES) return { $bytes: toBase64(value) };
  const bytes = keep(value);
  const tag: unknown = Object.create(null, {
    $bytes: { enumerable: true, get: () => toBase64(bytes) },
    [RAW]: { value: bytes },
  });
  return tag as { readonly $bytes: string };
}

const copyOf = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);

/** The bytes of a tag that has not been written down. */
export function rawBytes(value: object): Uint8Array | undefined {
  return (value as { readonly [RAW]?: Uint8Array })[RAW];
}

const RAW: unique symbol = Symbol.for('synapse-steps.bytes');
const FEW_BYTES = 16 * 1024;

/** A key as it is written. */
export function escapeKey(key: string): string {
  return key.charCodeAt(0) === DOLLAR && LIKE_A_TAG.test(key) ? `$${key}` : key;
}

/** A key as it was before it was written. */
export function unescapeKey(key: string): string {
  return key.charCodeAt(0) === DOLLAR && ESCAPED.test(key) ? key.slice(1) : key;
}

const DOLLAR = 0x24;
const LIKE_A_TAG = /^\$+(?:int|bytes|file)$/;
const ESCAPED = /^\$\$+(?:int|bytes|file)$/;

/** What a tag stands for, or what is wrong with it. */
export type Untagged =
  | { readonly value: bigint | Uint8Array; readonly problem?: undefined }
  | { readonly problem: string };

/** What the only entry of an object stands for; `undefined` when it is no tag. */
export function untag([key, content]: readonly [string, unknown] = ['', undefined]): Untagged | undefined {
  switch (key) {
    case '$int':
      return integerOf(content);
    case '$bytes':
      return bytesOf(content);
    case '$file':
      return { problem: 'a file that was not read' };
    default:
      return undefined;
  }
}

function integerOf(content: unknown): Untagged {
  if (typeof content !== 'string' || content.length > LONGEST_INTEGER || !/^(?:0|-?[1-9]\d*)$/.test(content)) {
    return { problem: `an $int that is no text of an integer of at most ${LONGEST_INTEGER} characters` };
  }
  return { value: BigInt(content) };
}

/** In characters: CPython reads no longer ones. */
const LONGEST_INTEGER = 4300;

function bytesOf(content: unknown): Untagged {
  const isBase64 = typeof content === 'string' && content.length % 4 === 0 && /^[A-Za-z\d+/]*={0,2}$/.test(content);
  return isBase64 ? { value: fromBase64(content) } : { problem: 'a $bytes that is no base64' };
}

interface NodeBuffers {
  from(text: string, encoding: 'base64'): Uint8Array;
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
}

/** Node's own is a hundred times faster than `btoa`; other runtimes have only that. */
const buffers = (globalThis as { Buffer?: NodeBuffers }).Buffer;

function toBase64(bytes: Uint8Array): string {
  if (buffers !== undefined) return buffers.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array {
  // a copy, as small buffers of Node share their memory
  if (buffers !== undefined) return new Uint8Array(buffers.from(text, 'base64'));
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
