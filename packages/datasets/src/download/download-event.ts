import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BackendError } from '@synapse-steps/backend';
import { errorMessage } from '@synapse-steps/core';

import { DatasetError } from '../dataset-error.js';
import { readDmJson } from '../dm/read-document.js';
import type { PictureFile } from '../model/annotated-picture.js';
import type { LeaveOut } from '../model/left-out.js';
import { pictureSize, type PictureLook } from '../pictures/picture-size.js';
import { eventDocument } from './event-document.js';
import type { EventFile, NamedEvent } from './event-names.js';
import type { FileStore } from './file-store.js';

export interface DownloadEventOptions {
  readonly files: FileStore;
  /** The split's folder, with `json/` and `original_files/` in it. */
  readonly folder: string;
  readonly split: string | undefined;
  readonly leaveOut: LeaveOut;
  readonly signal: AbortSignal;
}

/** Fetches the files of one event, and writes its JSON. @throws DatasetError `download_failed` */
export async function downloadEvent(named: NamedEvent, options: DownloadEventOptions): Promise<void> {
  const { folder, split, leaveOut } = options;
  let annotations: unknown;
  let picture: PictureFile | undefined;
  for (const file of named.files) {
    const path = join(folder, 'original_files', file.name);
    const look = await fetchFile(file, path, { named, ...options });
    if (file.kind === 'annotations') annotations = readAnnotations(path, named, leaveOut) ?? annotations;
    if (file.kind === 'picture') picture = { path, size: sizeOf(look ?? pictureSize(path), named, options) };
  }
  const document = eventDocument(named.event, {
    stem: named.stem,
    split,
    annotations,
    leaveOut,
    picture,
  });
  await writeFile(join(folder, 'json', `${named.stem}.json`), JSON.stringify(document, null, 2));
}

async function fetchFile(
  file: EventFile,
  path: string,
  { named, files, signal }: DownloadEventOptions & { readonly named: NamedEvent },
): Promise<PictureLook | undefined> {
  try {
    return await files.fetch(file, path);
  } catch (error) {
    signal.throwIfAborted();
    if (!BackendError.is(error)) throw error;
    const message = `A file of event ${named.event.id ?? named.stem} cannot be fetched: ${error.message}`;
    throw new DatasetError({ code: 'download_failed', message, cause: error, retryable: error.retryable });
  }
}

function readAnnotations(path: string, { stem }: NamedEvent, leaveOut: LeaveOut): unknown {
  try {
    return readDmJson(path);
  } catch (error) {
    const reason = `The file of annotations cannot be read: ${errorMessage(error)}`;
    leaveOut({ code: 'annotations_broken', picture: stem, reason });
    return undefined;
  }
}

function sizeOf({ size, problem }: PictureLook, { stem }: NamedEvent, { leaveOut }: DownloadEventOptions) {
  if (problem !== undefined) leaveOut({ picture: stem, ...problem });
  return size;
}
