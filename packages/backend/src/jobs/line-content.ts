import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import { errorMessage, type JobLogLine } from '@synapse-steps/core';

/** A line of a log is for reading; what is larger is cut, so that lines which wait have a bound together. */
const MAX_DATA_CHARACTERS = 32 * 1024;
const PREVIEW_CHARACTERS = 1000;
const MAX_FILE_BYTES = 10 * 2 ** 20;
/** Of files in one request. */
const MAX_REQUEST_CHARACTERS = 16 * 2 ** 20;

/** The data as it is now, as JSON: later changes of it do not matter, and it can be sent. */
export function settledData(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let text: string;
  try {
    text = JSON.stringify(data);
  } catch (error) {
    return { unserialisable: errorMessage(error), keys: Object.keys(data).slice(0, 50) };
  }
  if (text.length <= MAX_DATA_CHARACTERS) return JSON.parse(text) as Record<string, unknown>;
  return { truncated: true, characters: text.length, preview: text.slice(0, PREVIEW_CHARACTERS) };
}

/** Lines with their files, as many at a time as one request should carry: files of a whole batch may be gigabytes. */
export async function* inRequests(lines: readonly JobLogLine[]): AsyncGenerator<JobLogLine[], void> {
  let request: JobLogLine[] = [];
  let characters = 0;
  for (const line of lines) {
    const filled = await withFileContent(line);
    const more = filled.file?.length ?? 0;
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
export async function withFileContent(line: JobLogLine): Promise<JobLogLine> {
  const { file, ...rest } = line;
  if (file === undefined || /^(?:data:|https?:\/\/)/.test(file)) return line;
  try {
    const facts = await stat(file);
    if (!facts.isFile()) throw new Error(`${file} is no regular file`); // reading a pipe may never end
    const { size } = facts;
    if (size > MAX_FILE_BYTES) throw new Error(`${file} has ${size} bytes; a line takes ${MAX_FILE_BYTES} at most`);
    return { ...rest, file: `data:${typeOf(file)};base64,${(await readFile(file)).toString('base64')}` };
  } catch (error) {
    return { ...rest, data: { ...line.data, file_error: errorMessage(error) } };
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
