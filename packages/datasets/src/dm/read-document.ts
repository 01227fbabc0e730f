import { errorMessage } from '@synapse-steps/core';

import type { AnnotatedPicture, PictureFile } from '../model/annotated-picture.js';
import type { LeaveOut } from '../model/left-out.js';
import { isFileSystemError } from '../pictures/file-system-error.js';
import { NoSmallFileError, readSmallText } from '../pictures/small-file.js';
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
export function readDocument(path: string, options: ReadDocumentOptions): ReadAnnotations | undefined {
  try {
    const document = asObject(readDmJson(path));
    if (document === undefined) throw new SyntaxError('it holds no object');
    return parseDocument(document, options);
  } catch (error) {
    if (!isOfFile(error)) throw error;
    const reason = `${path} cannot be read: ${errorMessage(error)}`;
    options.leaveOut({ code: 'annotations_broken', picture: options.name, reason });
    return undefined;
  }
}

/** What is wrong with this one file, and not with the disk. */
function isOfFile(error: unknown): boolean {
  const isUnreadable = error instanceof SyntaxError || error instanceof NoSmallFileError;
  return isUnreadable || isFileSystemError(error, 'ENOENT', 'ELOOP', 'EISDIR', 'ENXIO');
}

/**
 * The JSON of one picture. Python writes NaN and Infinity, which are no JSON: they become null, so that one bad number does not
 * cost a picture.
 *
 * @throws SyntaxError, NoSmallFileError; what the file system throws
 */
export function readDmJson(path: string): unknown {
  const text = readSmallText(path, MOST_BYTES);
  if (!/NaN|Infinity/u.test(text)) return JSON.parse(text);
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gu, (token) =>
    token.startsWith('"') ? token : 'null',
  );
  return JSON.parse(plain);
}

/** The annotations in a DM document of either version. */
export function parseDocument(document: object, options: ReadDocumentOptions): ReadAnnotations {
  return 'annotations' in document ? parseDmV1(document, options) : parseDmV2(document, options);
}
