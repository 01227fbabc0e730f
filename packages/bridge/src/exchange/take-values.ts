import { lendJson } from '@synapse-steps/core';
import { parseJsonText } from '../framing/parse-json-text.js';
import { JSON_MEDIA } from '../protocol/file-reference.js';
import { BadFileError } from './exchange-error.js';
import { type ExchangeFolder, parseReference } from './exchange-folder.js';

/** Where files come from, and how much of them one message may bring. */
export interface TakeOptions {
  /** Left out when no folder was agreed on. */
  readonly folder: ExchangeFolder | undefined;
  /** What is left of it goes down as files are read. */
  readonly left: { bytes: number };
  readonly maxDepth: number;
}

/**
 * A value of a message with what its files hold in the place of the references: the value of a JSON file, and bytes as
 * `{"$bytes": "…"}`. The files are gone then.
 *
 * @throws BadFileError with a pointer into the value.
 */
export function takeValues(value: unknown, options: TakeOptions): unknown {
  return take(value, { ...options, inJson: false });
}

/** Options for one message of a plugin of these settings. */
export function takeOptions({ exchange, limits }: TakeSettings): TakeOptions {
  const { maxFileBytes, maxDepth } = limits;
  return { folder: exchange?.folder, left: { bytes: maxFileBytes }, maxDepth };
}

interface TakeSettings {
  readonly exchange?: { readonly folder: ExchangeFolder } | undefined;
  readonly limits: { readonly maxFileBytes: number; readonly maxDepth: number };
}

interface Taking extends TakeOptions {
  /** A file of JSON may name files of bytes, and no further JSON. */
  readonly inJson: boolean;
}

function take(value: unknown, taking: Taking): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item, index) => takeItem(item, index, taking));
  if (Object.hasOwn(value, '$file')) return takeFile(value, taking);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, takeItem(item, key, taking)]));
}

function takeItem(item: unknown, key: string | number, taking: Taking): unknown {
  try {
    return take(item, taking);
  } catch (error) {
    throw error instanceof BadFileError
      ? error.at(`/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`)
      : error;
  }
}

function takeFile(tag: object, taking: Taking): unknown {
  const { folder, left } = taking;
  if (folder === undefined) throw new BadFileError('there is no exchange folder for files');
  const { media } = parseReference(tag);
  const content = folder.take(tag, left.bytes);
  left.bytes -= content.length;
  if (media !== JSON_MEDIA) return lendJson(content, 'The bytes');
  if (taking.inJson) throw new BadFileError('a file of JSON must not name another one');
  const parsed = parseJsonText(content, taking.maxDepth);
  if (!parsed.ok) throw new BadFileError(`the file holds no JSON that may travel (${parsed.problem})`);
  return parsed.mayHoldTags ? take(parsed.value, { ...taking, inJson: true }) : parsed.value;
}
