import type { IncomingMessage } from 'node:http';
import { copyJson, errorMessage } from '@synapse-steps/core';
import type { z } from 'zod';
import { Problem } from '../problem.js';
import { TooLargeError } from '../store/store-error.js';
import type { AppContext } from './served.js';

/** The bytes of a request as they come. Whoever stops reading can still answer: the connection stays. */
export function bytesOf(incoming: IncomingMessage): AsyncIterable<Uint8Array> {
  return incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
}

/** How many bytes a request says it has. @throws TooLargeError before any of them is read. */
export function announcedBytes(incoming: IncomingMessage, limit: number): number {
  const announced = Number(incoming.headers['content-length'] ?? 0);
  if (announced > limit) throw new TooLargeError(limit);
  return announced;
}

/** @throws Problem 400 if the body is not JSON, or not what `schema` says. */
export async function readJson<Schema extends z.ZodType>(
  context: AppContext,
  schema: Schema,
  limit: number,
): Promise<z.infer<Schema>> {
  const { incoming } = context.env;
  announcedBytes(incoming, limit);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytesOf(incoming)) {
    size += chunk.byteLength;
    if (size > limit) throw new TooLargeError(limit);
    chunks.push(chunk);
  }
  const parsed = schema.safeParse(parseJson(Buffer.concat(chunks).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new Problem(400, problemsByField(parsed.error));
}

function parseJson(text: string): unknown {
  if (text === '') return {};
  try {
    return copyJson(JSON.parse(text), 'The body'); // what nests too deep for whoever reads it ends here
  } catch (error) {
    throw new Problem(400, `JSON parse error - ${errorMessage(error)}`);
  }
}

function problemsByField(error: z.ZodError): Record<string, string[]> {
  const problems: Record<string, string[]> = {};
  for (const { path, message } of error.issues.slice(0, 20)) {
    const field = path.length === 0 ? 'non_field_errors' : path.map(String).join('.');
    (problems[field] ??= []).push(message);
  }
  return problems;
}
