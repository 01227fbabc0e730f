import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import { errorMessage, type JobLogLine } from '@synapse-steps/core';

/** A line of a log is for reading; what is larger is cut, and would be refused by many a backend. */
const MAX_DATA_CHARACTERS = 2 ** 20;
const PREVIEW_CHARACTERS = 1000;
const MAX_FILE_BYTES = 10 * 2 ** 20;
/** Of files in one request. */
const MAX_REQUEST_CHARACTERS = 16 * 2 ** 20;

/** The data of a line as it will be sent. */
export interface SettledData {
  readonly data: Record<string, unknown>;
  /** As JSON. */
  readonly characters: number;
  /** False when it had to be cut, or is no JSON. */
  readonly isWhole: boolean;
}

/** The data as it is now, as JSON: later changes of it do not matter, and it can be sent. */
export function settledData(data: Readonly<Record<string, unknown>>): SettledData {
  let text: string;
  try {
    text = JSON.stringify(data);
  } catch (error) {
    return standIn({ unserialisable: errorMessage(error), keys: Object.keys(data).slice(0, 50) });
  }
  const characters = text.length;
  if (characters > MAX_DATA_CHARACTERS)
    return standIn({ truncated: true, characters, preview: text.slice(0, PREVIEW_CHARACTERS) });
  return { data: JSON.parse(text) as Record<string, unknown>, characters, isWhole: true };
}

function standIn(data: Record<string, unknown>): SettledData {
  return { data, characters: JSON.stringify(data).length, isWhole: false };
}

/** A line with the content of its file. */
export interface FilledLine {
  readonly line: JobLogLine;
  /** False when its file could not be read, or is too large. */
  readonly isWhole: boolean;
}

/** Lines with their files, as many at a time as one request should carry: files of a whole batch may be gigabytes. */
export async function* inRequests(lines: readonly JobLogLine[]): AsyncGenerator<FilledLine[], void> {
  let request: FilledLine[] = [];
  let characters = 0;
  for (const line of lines) {
    const filled = await withFileContent(line);
    const more = filled.line.file?.length ?? 0;
    if (more > 0 && characters + more > MAX_REQUEST_CHARACTERS && request.length > 0) {
      yield request;
      request = [];
      characters = 0;
    }
    request.push(filled);
    characters += more;
  }
  if (request.length > 0) yield request;
}

/** The line with the content of its file, as the backend takes it. A file that cannot be sent is said in the line. */
export async function withFileContent(line: JobLogLine): Promise<FilledLine> {
  const { file, ...rest } = line;
  if (file === undefined || /^(?:data:|https?:\/\/)/.test(file)) return { line, isWhole: true };
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw new Error(`${file} is no regular file`); // reading a pipe may never end
    const { size } = facts;
    if (size > MAX_FILE_BYTES) throw new Error(`${file} has ${size} bytes; a line takes ${MAX_FILE_BYTES} at most`);
    const content = `data:${typeOf(file)};base64,${(await readFile(file)).toString('base64')}`;
    return { line: { ...rest, file: content }, isWhole: true };
  } catch (error) {
    return { line: { ...rest, data: { ...line.data, file_error: errorMessage(error) } }, isWhole: false };
  }
}

function typeOf(path: string): string {
  return TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream';
}

const TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
};
