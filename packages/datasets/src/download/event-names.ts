import { createHash } from 'node:crypto';
import { extname } from 'node:path';

import type { GroundTruthEvent } from '@synapse-steps/backend/api';

import { isPictureFile, pictureName } from '../pictures/picture-index.js';
import { unsafeName } from '../pictures/safe-name.js';
import { eventFileKey } from './data-identity.js';

/** A file of an event, and the name that it gets. */
export interface EventFile {
  readonly url: string;
  readonly name: string;
  /** What its address alone would name it. */
  readonly addressName: string;
  /** The same whenever the event is listed, whatever its addresses are then. */
  readonly key: string;
  readonly kind: 'picture' | 'annotations' | 'other';
}

export interface NamedEvent {
  readonly event: GroundTruthEvent;
  /** Of its JSON file, and of its picture without the extension. Unique. */
  readonly stem: string;
  readonly files: readonly EventFile[];
  readonly hasPicture: boolean;
}

/**
 * Names files as the Python SDK does, by the MD5 of their address. An event's JSON is named after its picture; where two
 * events have the same picture, the second one gets a name of its own for both.
 */
export class EventNames {
  readonly #backend: string;
  readonly #taken = new Set<string>();

  /** @param backend as `backendIdentity` says it */
  constructor(backend: string) {
    this.#backend = backend;
  }

  name(event: GroundTruthEvent): NamedEvent {
    const files = Object.entries(event.files ?? {}).map(([key, file]) => ({ key, ...file, name: nameOf(file.url) }));
    const pictures = files.filter(({ name, file_type: type }) => type === 'image' || isPictureFile(name));
    const picture = pictures.find(({ is_primary: isPrimary }) => isPrimary === true) ?? pictures[0];
    const wanted = picture === undefined ? idStem(event) : pictureName(picture.name);
    const stem = this.#unique(wanted, event);
    return {
      event,
      stem,
      hasPicture: picture !== undefined,
      files: files.map((file) => ({
        url: file.url,
        addressName: file.name,
        key: eventFileKey(event, { backend: this.#backend, key: file.key }),
        name: file === picture ? `${stem}${extname(file.name)}` : file.name,
        kind: file === picture ? 'picture' : isAnnotations(file) ? 'annotations' : 'other',
      })),
    };
  }

  #unique(wanted: string, event: GroundTruthEvent): string {
    let stem = wanted;
    for (let count = 1; this.#taken.has(stem); count += 1)
      stem = `${wanted}_${idStem(event)}${count > 1 ? `_${count}` : ''}`;
    this.#taken.add(stem);
    return stem;
  }
}

function isAnnotations({ key, name }: { readonly key: string; readonly name: string }): boolean {
  return key.startsWith('data_meta') && extname(name).toLowerCase() === '.json';
}

const LONGEST_EXTENSION = 16;

function nameOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  const extension = extname(path);
  const isPlain = /^\.[\w-]+$/u.test(extension) && extension.length <= LONGEST_EXTENSION;
  return `${md5(url)}${isPlain ? extension : ''}`;
}

/** An id can be any text; one that is no name is hashed. */
function idStem({ id, files }: GroundTruthEvent): string {
  const text = String(id ?? md5(JSON.stringify(files ?? {})));
  return unsafeName(text) === undefined && !text.startsWith('.') ? text : md5(text);
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
