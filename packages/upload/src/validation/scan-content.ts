import { fstatSync, read } from 'node:fs';
import { promisify } from 'node:util';

import { CONTENT_RULES, LONGEST_MATCH, type ContentRule } from './content-rules.js';

export interface ContentMatch {
  readonly rule: string;
  readonly label: string;
  /** Where it begins; a file that is of another kind is so as a whole. */
  readonly byte?: number;
}

export interface ScanOptions {
  /** The file's beginning, which has been read already. */
  readonly head: Buffer;
  /** How many bytes were asked for; where the head has fewer, it is the whole file. */
  readonly headSize: number;
  /** No byte beyond is looked at. */
  readonly maxBytes: number;
  readonly signal?: AbortSignal | undefined;
}

const PIECE = 64 * 1024;

/** The first match of each rule, in the order of the rules. A file is looked at piece by piece, so its size does not matter. */
export async function scanContent(file: number, options: ScanOptions): Promise<ContentMatch[]> {
  const found = new Map<ContentRule, number>();
  const encoding = encodingOf(options.head);
  let piece = options.head;
  let start = 0;
  for (let asked = options.headSize; piece.length > 0;) {
    options.signal?.throwIfAborted();
    scanPiece(encoding.decode(piece), found, (index) => start + index * encoding.bytesPerUnit);
    const end = start + piece.length;
    if (piece.length < asked || end >= options.maxBytes) break;
    // Sizes are even, so a unit of two bytes is not cut.
    start = end - LONGEST_MATCH;
    asked = Math.min(PIECE, options.maxBytes - start);
    piece = await readAt(file, start, asked);
  }
  return CONTENT_RULES.flatMap((rule) => {
    const byte = found.get(rule);
    return byte === undefined ? [] : [{ rule: rule.rule, label: rule.label, byte }];
  });
}

const readLater = promisify(read);

/** So many bytes from there on, or fewer at the end of the file. */
export async function readAt(file: number, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, fstatSync(file).size - position)));
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await readLater(file, buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

function scanPiece(text: string, found: Map<ContentRule, number>, byteOf: (index: number) => number): void {
  for (const rule of CONTENT_RULES) {
    if (found.has(rule)) continue;
    const index = text.search(rule.pattern);
    if (index >= 0) found.set(rule, byteOf(index));
  }
}

interface Encoding {
  readonly bytesPerUnit: number;
  readonly decode: (piece: Buffer) => string;
}

/** One character for each byte, or for each two where the file says that it is UTF-16. */
function encodingOf(head: Buffer): Encoding {
  const mark = head.length < 2 ? '' : head.toString('hex', 0, 2);
  if (mark === 'fffe') return { bytesPerUnit: 2, decode: (piece) => piece.toString('utf16le') };
  if (mark === 'feff') return { bytesPerUnit: 2, decode: (piece) => swapped(piece).toString('utf16le') };
  return { bytesPerUnit: 1, decode: (piece) => piece.toString('latin1') };
}

function swapped(piece: Buffer): Buffer {
  return Buffer.from(piece.subarray(0, piece.length - (piece.length % 2))).swap16();
}
