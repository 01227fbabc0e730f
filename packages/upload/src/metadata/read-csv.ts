import { errorMessage } from '@synapse-steps/core';
import { parse, type Parser } from 'csv-parse';

import type { MetadataTable } from '../strategies.js';
import { UploadError } from '../upload-error.js';
import type { MetadataLimits } from './metadata-limits.js';
import { MetadataRows } from './metadata-rows.js';

/** Reads a CSV file: commas, quotes doubled, UTF-8 with or without a byte order mark. */
export async function readCsv(file: Buffer, limits: MetadataLimits, signal?: AbortSignal): Promise<MetadataTable> {
  const rows = new MetadataRows('CSV', limits);
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true });
  const text = textOf(file);
  const read = collect(parser, rows, signal);
  parser.end(text);
  await read;
  return rows.finish();
}

async function collect(parser: Parser, rows: MetadataRows, signal: AbortSignal | undefined): Promise<void> {
  try {
    for await (const record of parser) {
      signal?.throwIfAborted();
      const cells = record as readonly string[];
      rows.add({ cells, width: cells.findLastIndex((cell) => cell.trim() !== '') + 1 });
    }
  } catch (error) {
    if (UploadError.is(error) || signal?.aborted === true) throw error;
    // The parser's message may quote the file's text after its first words; line and code are enough to find the place.
    throw unreadable(errorMessage(error).split(/[:,]/u)[0] ?? '', error);
  }
}

function textOf(file: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch (error) {
    throw unreadable('it is not UTF-8; save it as "CSV UTF-8"', error);
  }
}

function unreadable(why: string, cause: unknown): UploadError {
  return new UploadError({ code: 'metadata_invalid', message: `Invalid CSV file format: ${why}`, cause });
}
