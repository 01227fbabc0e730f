import { rawBytes } from '@synapse-steps/core';
import { encodeUtf8 } from '../framing/encode-frame.js';
import { BYTES_MEDIA, JSON_MEDIA } from '../protocol/file-reference.js';
import { ExchangeWriteError } from './exchange-error.js';
import type { ExchangeFolder } from './exchange-folder.js';
import { memoryForFiles } from './reused-memory.js';
import { isHeavy } from './weigh-json.js';

/** What may stay in a frame. */
export interface PackOptions {
  readonly folder: ExchangeFolder;
  /** A value whose JSON is longer becomes a file. */
  readonly inlineBytes: number;
  readonly maxDepth: number;
}

/**
 * A message whose large values are in files: fields of the context, params, data, undo data, and the values of a patch.
 * Most messages are small as a whole, and returned as they are.
 *
 * @throws ExchangeWriteError naming the value; no file of the message is left then.
 */
export function packValues(message: Record<string, unknown>, options: PackOptions): Record<string, unknown> {
  if (!isHeavy(message, Math.min(options.inlineBytes, LONGEST_BASE64))) return message;
  const written: string[] = [];
  try {
    return packMessage(message, { ...options, path: '', written });
  } catch (error) {
    for (const name of written) options.folder.remove(name);
    throw error;
  }
}

interface Packing extends PackOptions {
  /** A pointer to what is being packed. */
  readonly path: string;
  /** The files so far. */
  readonly written: string[];
}

function packMessage(message: Record<string, unknown>, packing: Packing): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => {
      const at = below(packing, name);
      if (name === 'patch' && Array.isArray(value))
        return [name, value.map((item, index) => packOperation(item, below(at, index)))];
      if (!isRecord(value)) return [name, value];
      if (MESSAGES.has(name)) return [name, packMessage(value, at)];
      return [name, AREAS.has(name) ? packArea(value, at) : value];
    }),
  );
}

/** Parts of a message that hold areas of values. */
const MESSAGES: ReadonlySet<string> = new Set(['context', 'result']);
/** Objects whose values are the user's. */
const AREAS: ReadonlySet<string> = new Set(['params', 'step_params', 'full', 'data', 'undo']);

function packOperation(operation: unknown, packing: Packing): unknown {
  if (!isRecord(operation) || !('value' in operation)) return operation;
  return { ...operation, value: packValue(operation['value'], below(packing, 'value')) };
}

/** Value by value; as one file where many small values are too much together. */
function packArea(area: Record<string, unknown>, packing: Packing): unknown {
  const packed = Object.fromEntries(
    Object.entries(area).map(([key, value]) => [key, packValue(value, below(packing, key))]),
  );
  return isHeavy(packed, WHOLE_AREA * packing.inlineBytes) ? writeJson(packed, packing) : packed;
}

const WHOLE_AREA = 4;

function packValue(value: unknown, packing: Packing): unknown {
  if (!isHeavy(value, Math.min(packing.inlineBytes, LONGEST_BASE64))) return value;
  const light = holdsManyBytes(value) ? packBytes(value, packing) : value;
  return isHeavy(light, packing.inlineBytes) ? writeJson(light, packing) : light;
}

/** The base64 of 16 KiB; longer bytes never travel as text. */
const LONGEST_BASE64 = Math.ceil((16 * 1024) / 3) * 4;

function holdsManyBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(holdsManyBytes);
  if (rawBytes(value) !== undefined) return true;
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === 'object' ? holdsManyBytes(item) : key === '$bytes' && isLongText(item)) return true;
  }
  return false;
}

function isLongText(value: unknown): boolean {
  return typeof value === 'string' && value.length > LONGEST_BASE64;
}

function packBytes(value: unknown, packing: Packing): unknown {
  if (Array.isArray(value)) return value.map((item, index) => packBytes(item, below(packing, index)));
  if (!isRecord(value)) return value;
  const raw = rawBytes(value);
  if (raw !== undefined) return write(raw, BYTES_MEDIA, packing);
  const { $bytes: text } = value;
  if (typeof text === 'string' && text.length > LONGEST_BASE64) {
    return write(Buffer.from(text, 'base64'), BYTES_MEDIA, packing);
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, packBytes(item, below(packing, key))]));
}

function writeJson(value: unknown, packing: Packing): unknown {
  return write(encodeUtf8(value, packing.maxDepth, takeMemory), JSON_MEDIA, packing);
}

function takeMemory(bytes: number): Buffer {
  return memoryForFiles.take(bytes);
}

function write(content: Uint8Array, media: string, { folder, path, written }: Packing): unknown {
  try {
    const reference = folder.write(content, { media });
    written.push(reference.$file);
    return reference;
  } catch (error) {
    throw new ExchangeWriteError({ pointer: path, folder: folder.path }, error);
  }
}

function below(packing: Packing, key: string | number): Packing {
  return { ...packing, path: `${packing.path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}` };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
