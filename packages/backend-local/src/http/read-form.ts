import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyHeaders } from '@fastify/busboy';
import { errorMessage } from '@synapse-steps/core';
import { Problem } from '../problem.js';
import { bytesOf } from './read-body.js';

export interface FormFile {
  readonly filename: string;
  readonly source: AsyncIterable<Uint8Array>;
}

export interface Form<T> {
  readonly fields: ReadonlyMap<string, string>;
  /** What `receive` made of the file. */
  readonly file: T | undefined;
}

/** What everything around the file in a form may take. */
export const FORM_BYTES = 1024 ** 2;

/** Reads a multipart form whose one file goes to `receive` as it comes. Waits for it, however the form ends. */
export async function readForm<T>(
  incoming: IncomingMessage,
  receive: (file: FormFile) => Promise<T>,
): Promise<Form<T>> {
  const parser = makeParser(incoming);
  const fields = new Map<string, string>();
  let ended: { readonly error: unknown } | undefined; // the first thing that went wrong; the others follow from it
  let receiving: Promise<T | undefined> | undefined;
  let part: Readable | undefined;
  parser.on('field', (name, value) => fields.set(name, value));
  parser.on('file', (_name, stream, filename) => {
    part = stream;
    stream.on('error', () => undefined); // whoever reads it is told; when nobody does any more, it is no error of ours
    receiving = receive({ filename: filename ?? '', source: stream }).catch((error: unknown) => {
      ended ??= { error };
      parser.destroy(); // nobody reads on, so nothing must wait for that
      return undefined;
    });
  });
  await pipeline(Readable.from(bytesOf(incoming)), parser).catch((error: unknown) => {
    ended ??= { error: incoming.errored ?? formProblem(error) };
    part?.destroy(new Error('The form broke off.'));
  });
  const file = await receiving;
  if (ended !== undefined) throw ended.error;
  return { fields, file };
}

function formProblem(error: unknown): Problem {
  return new Problem(400, `Multipart form parse error - ${errorMessage(error)}`);
}

function makeParser(incoming: IncomingMessage): InstanceType<typeof Busboy> {
  try {
    const limits = { fields: 50, fieldSize: 1024 ** 2, files: 1, parts: 60 };
    return new Busboy({ headers: incoming.headers as BusboyHeaders, limits });
  } catch (error) {
    throw formProblem(error);
  }
}
