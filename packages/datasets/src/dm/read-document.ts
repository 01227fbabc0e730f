import { readFile, stat } from 'node:fs/promises';

import { errorMessage } from '@synapse-steps/core';

import type { AnnotatedPicture, PictureFile } from '../model/annotated-picture.js';
import type { LeaveOut } from '../model/left-out.js';
import { asObject } from './json-fields.js';
import { parseDmV1 } from './parse-dm-v1.js';
import { parseDmV2 } from './parse-dm-v2.js';

export interface ReadDocumentOptions {
  /** As reports name it. */
  readonly name: string;
  readonly picture: PictureFile | undefined;
  readonly leaveOut: LeaveOut;
}

export type ReadAnnotations = Pick<AnnotatedPicture, 'annotations' | 'extra'>;

/** More than any text can have here. */
const MOST_BYTES = 2 ** 28;

/** The annotations of one picture; none when the file is broken, of which `leaveOut` was told. */
export async function readDocument(path: string, options: ReadDocumentOptions): Promise<ReadAnnotations | undefined> {
  try {
    const { size } = await stat(path);
    if (size > MOST_BYTES) throw new Error(`it has ${size} bytes, more than the ${MOST_BYTES} that are read`);
    const document = asObject(parseDmJson(await readFile(path, 'utf8')));
    if (document === undefined) throw new Error('it holds no object');
    return await parseDocument(document, options);
  } catch (error) {
    const reason = `${path} cannot be read: ${errorMessage(error)}`;
    options.leaveOut({ code: 'annotations_broken', picture: options.name, reason });
    return undefined;
  }
}

/** Python writes NaN and Infinity, which are no JSON: they become null, so that one bad number does not cost a picture. */
export function parseDmJson(text: string): unknown {
  if (!/NaN|Infinity/u.test(text)) return JSON.parse(text);
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gu, (token) =>
    token.startsWith('"') ? token : 'null',
  );
  return JSON.parse(plain);
}

/** The annotations in a DM document of either version. */
export async function parseDocument(document: object, options: ReadDocumentOptions): Promise<ReadAnnotations> {
  return 'annotations' in document ? parseDmV1(document, options) : parseDmV2(document, options);
}
