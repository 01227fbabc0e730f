import type { Readable } from 'node:stream';

import { errorMessage } from '@synapse-steps/core';
import sax, { type SAXParser } from 'sax';

import { UploadError } from '../../upload-error.js';
import { limitError } from '../metadata-rows.js';
import { notAWorkbook } from './zip-parts.js';

export type XmlAttributes = Readonly<Record<string, string | undefined>>;

/** Names are without their namespace prefix. A text may come in several pieces. */
export interface XmlHandlers {
  readonly open?: (name: string, attributes: XmlAttributes) => void;
  readonly close?: (name: string) => void;
  readonly text?: (text: string) => void;
}

/** Reads XML from a stream, piece by piece. Entities of a document type are a way to attack; none is read. */
export async function parseXml(part: Readable, handlers: XmlHandlers, signal?: AbortSignal): Promise<void> {
  const parser = parserFor(handlers);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of part) {
      signal?.throwIfAborted();
      parser.write(decoder.decode(chunk as Buffer, { stream: true }));
    }
    parser.write(decoder.decode());
    parser.close();
  } catch (error) {
    part.destroy();
    throw xmlError(error, signal);
  }
}

function parserFor({ open, close, text }: XmlHandlers): SAXParser {
  const parser = sax.parser(true); // it counts positions, since only then does it bound its buffers
  parser.onopentag = (tag) => open?.(localName(tag.name), tag.attributes as XmlAttributes);
  parser.onclosetag = (name) => close?.(localName(name));
  parser.ontext = (piece) => text?.(piece);
  parser.oncdata = (piece) => text?.(piece);
  parser.ondoctype = () => {
    throw notAWorkbook('a part declares a document type');
  };
  parser.onerror = (error) => {
    throw error;
  };
  return parser;
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** An attribute by its name without prefix. */
export function attributeOf(attributes: XmlAttributes, name: string): string | undefined {
  const direct = attributes[name];
  if (direct !== undefined) return direct;
  const key = Object.keys(attributes).find((other) => other.endsWith(`:${name}`));
  return key === undefined ? undefined : attributes[key];
}

function xmlError(error: unknown, signal: AbortSignal | undefined): unknown {
  if (UploadError.is(error) || signal?.aborted === true) return error;
  const message = errorMessage(error).split('\n')[0] ?? '';
  if (/(?:too many|not enough) bytes in the stream/u.test(message)) {
    return limitError('Excel file lies about the size of its parts', error);
  }
  return notAWorkbook(message, error);
}
