import { randomUUID } from 'node:crypto';

import type { RequestBody } from './request-body.js';

export interface FormFile {
  readonly field: string;
  readonly filename: string;
  readonly content: RequestBody;
}

/** `multipart/form-data` with texts and one file, which streams through; its length is known beforehand. */
export function formBody(fields: Readonly<Record<string, string>>, file: FormFile): RequestBody {
  const boundary = `synapse-steps-${randomUUID()}`;
  const encoder = new TextEncoder();
  const texts = Object.entries(fields).map(([name, value]) => `${partHead(boundary, { name })}\r\n${value}\r\n`);
  const head = encoder.encode(
    `${texts.join('')}${partHead(boundary, { name: file.field, filename: file.filename })}` +
      `Content-Type: ${file.content.contentType ?? 'application/octet-stream'}\r\n\r\n`,
  );
  const tail = encoder.encode(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    length: head.length + file.content.length + tail.length,
    async *read() {
      yield head;
      yield* file.content.read();
      yield tail;
    },
  };
}

function partHead(boundary: string, names: Readonly<Record<string, string>>): string {
  const said = Object.entries(names).map(([key, value]) => `; ${key}="${quoted(value)}"`);
  return `--${boundary}\r\nContent-Disposition: form-data${said.join('')}\r\n`;
}

/** As browsers do it: UTF-8, and an escape for what would end the name or the line. */
function quoted(name: string): string {
  return name.replaceAll('"', '%22').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}
