import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

import { FormReader, type ReadForm } from './form-reader.js';

/** A request as a vector writes it down. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: readonly (readonly [string, string])[];
  readonly content_type?: string;
  readonly content_range?: string;
  /** False where no token was sent. */
  readonly auth?: false;
  readonly json?: unknown;
  readonly form?: ReadForm;
  readonly bytes?: { readonly size: number; readonly sha1: string };
  /** What it was answered with; 0: nothing. */
  status?: number;
}

/** What is known before the content is read. */
export function describeHead(request: IncomingMessage): RecordedRequest {
  const url = new URL(request.url ?? '/', 'http://backend');
  const query = [...url.searchParams];
  const type = contentType(request).split(';')[0]?.trim().toLowerCase();
  const range = request.headers['content-range'];
  return {
    method: request.method ?? '',
    path: decodeURIComponent(url.pathname),
    ...(query.length > 0 && { query }),
    ...(type && { content_type: type }),
    ...(request.headers['synapse-access-token'] === undefined && { auth: false as const }),
    ...(range !== undefined && { content_range: range }),
  };
}

/** Reads the content to its end, and adds what is to be known of it. */
export async function readRequest(request: IncomingMessage, head: RecordedRequest): Promise<RecordedRequest> {
  if (head.content_type === 'multipart/form-data') {
    const reader = new FormReader(contentType(request));
    for await (const chunk of request as AsyncIterable<Buffer>) reader.write(chunk);
    return { ...head, form: reader.form };
  }
  const isJson = head.content_type === 'application/json';
  const kept: Buffer[] = [];
  const hash = createHash('sha1');
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (isJson) kept.push(chunk);
    else hash.update(chunk);
  }
  if (isJson && size > 0) return { ...head, json: JSON.parse(Buffer.concat(kept).toString()) };
  return size > 0 || head.method === 'PUT' ? { ...head, bytes: { size, sha1: hash.digest('hex') } } : head;
}

function contentType(request: IncomingMessage): string {
  return request.headers['content-type'] ?? '';
}
