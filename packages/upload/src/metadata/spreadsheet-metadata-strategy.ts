import { readFile, stat } from 'node:fs/promises';
import { extname } from 'node:path';

import { errorMessage, type JsonObject } from '@synapse-steps/core';

import type { FileGroup } from '../file-group.js';
import type { MetadataStrategy, MetadataTable } from '../strategies.js';
import { UploadError } from '../upload-error.js';
import { matchMetadata } from './match-metadata.js';
import { METADATA_LIMITS, type MetadataLimits } from './metadata-limits.js';
import { readCsv } from './read-csv.js';
import { readExcel } from './xlsx/read-excel.js';
import { notAWorkbook } from './xlsx/zip-parts.js';

/**
 * Reads metadata from an Excel workbook or a CSV file whose first column, `filename` or `file_name`, names the files.
 * Every value is a text, as Python's `str` would write it.
 */
export class SpreadsheetMetadataStrategy implements MetadataStrategy {
  readonly fileNames = ['meta.xlsx', 'meta.xls', 'meta.csv'];
  readonly limits: MetadataLimits;

  constructor(limits: Partial<MetadataLimits> = {}) {
    this.limits = { ...METADATA_LIMITS, ...limits };
  }

  async read(file: string, { signal }: { readonly signal?: AbortSignal } = {}): Promise<MetadataTable> {
    const extension = extname(file).toLowerCase();
    const format = extension === '.csv' ? 'CSV' : 'Excel';
    const content = await bytesOf(file, format, this.limits.maxFileSize);
    if (format === 'CSV') return readCsv(content, this.limits, signal);
    if (isOldWorkbook(content)) throw notAWorkbook('it is of the old format; save it as .xlsx or .csv');
    return readExcel(content, this.limits, signal);
  }

  match(table: MetadataTable, group: FileGroup): JsonObject | undefined {
    return matchMetadata(table, group);
  }
}

/** Looks for no metadata file, and reads none. */
export class NoneMetadataStrategy implements MetadataStrategy {
  readonly fileNames = [];

  read(): Promise<MetadataTable> {
    return Promise.resolve({});
  }

  match(): undefined {
    return undefined;
  }
}

async function bytesOf(file: string, format: string, maxFileSize: number): Promise<Buffer> {
  const content = await contentOf(file, format, maxFileSize);
  if (content.length <= maxFileSize) return content;
  throw tooLarge(format, content.length, maxFileSize); // it has grown since
}

async function contentOf(file: string, format: string, maxFileSize: number): Promise<Buffer> {
  try {
    const { size } = await stat(file);
    if (size > maxFileSize) throw tooLarge(format, size, maxFileSize);
    return await readFile(file);
  } catch (error) {
    if (UploadError.is(error)) throw error;
    const message = `${format} file cannot be read: ${errorMessage(error)}`;
    throw new UploadError({ code: 'metadata_invalid', message, cause: error });
  }
}

function tooLarge(format: string, size: number, maxFileSize: number): UploadError {
  const [has, max] = [size, maxFileSize].map((bytes) => bytes.toLocaleString('en-US'));
  const message = `${format} file too large: ${has} bytes (max: ${max})`;
  return new UploadError({ code: 'metadata_limit', message });
}

/** The first bytes of the compound files that `.xls` were until 2007. */
function isOldWorkbook(content: Buffer): boolean {
  return content.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1';
}
