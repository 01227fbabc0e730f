import type { Size } from './content.js';

const READERS: readonly ((bytes: Buffer) => Size | undefined)[] = [pngSize, gifSize, bmpSize, jpegSize];

/** Width and height by the picture's header; undefined where it is none of the formats that vectors use. */
export function pictureSizeOf(bytes: Buffer): Size | undefined {
  for (const read of READERS) {
    const size = read(bytes);
    if (size !== undefined) return size;
  }
  return undefined;
}

function pngSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

function gifSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 10 || bytes.toString('latin1', 0, 3) !== 'GIF') return undefined;
  return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) };
}

function bmpSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 26 || bytes.toString('latin1', 0, 2) !== 'BM') return undefined;
  return { width: bytes.readInt32LE(18), height: Math.abs(bytes.readInt32LE(22)) };
}

const NO_FRAME = [0xc4, 0xc8, 0xcc];

function jpegSize(bytes: Buffer): Size | undefined {
  if (bytes.length < 4 || bytes.readUInt16BE(0) !== 0xff_d8) return undefined;
  let place = 2;
  while (place + 9 < bytes.length && bytes[place] === 0xff) {
    const marker = bytes[place + 1] ?? 0;
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.includes(marker)) {
      return { width: bytes.readUInt16BE(place + 7), height: bytes.readUInt16BE(place + 5) };
    }
    place += 2 + bytes.readUInt16BE(place + 2);
  }
  return undefined;
}
