import { deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string;
  readonly content: Buffer | string;
  /** What the zip says the unpacked size is, if not the truth. */
  readonly statedSize?: number;
  /** What is stored in place of the packed content. */
  readonly packed?: Buffer;
  /** What Unix says of it, such as a link. */
  readonly mode?: number;
}

/** A zip of these parts, honest or not. */
export function makeZip(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const packed = part.packed ?? deflateRawSync(content, { level: 9 });
    const name = Buffer.from(part.name);
    const fields = header(content, {
      packed: packed.length,
      stated: part.statedSize ?? content.length,
      name: name.length,
    });
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), fields, name, packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(((part.mode ?? 0o100644) << 16) >>> 0, 6);
    place.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('504b01021403', 'hex'), fields, place, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

interface Sizes {
  readonly packed: number;
  readonly stated: number;
  readonly name: number;
}

function header(content: Buffer, sizes: Sizes): Buffer {
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(8, 4);
  fields.writeUInt32LE(crc32(content), 10);
  fields.writeUInt32LE(sizes.packed, 14);
  fields.writeUInt32LE(sizes.stated, 18);
  fields.writeUInt16LE(sizes.name, 22);
  return fields;
}

/** `zlib.crc32` came with Node 22. */
function crc32(content: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of content) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
