import { stat } from 'node:fs/promises';
import { basename, extname, isAbsolute, join } from 'node:path';

import { errorMessage, StepResult } from '@synapse-steps/core';

import { SpreadsheetMetadataStrategy } from '../metadata/spreadsheet-metadata-strategy.js';
import { isInside, pathInStorage, refuseOutside } from '../path-in-storage.js';
import type { MetadataStrategy, MetadataTable } from '../strategies.js';
import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';
import { storageOf } from './storage-of.js';
import { UploadStep } from './upload-step.js';

export interface ProcessMetadataStepOptions {
  /** Default: workbooks and CSV files. */
  readonly strategy?: MetadataStrategy;
}

/** Reads what people have written down about the files, from the file that the params name or from `meta.*` beside them. */
export class ProcessMetadataStep extends UploadStep {
  readonly name = 'process_metadata';
  readonly progressWeight = 0.1;
  protected readonly rollbackEvent = undefined;
  readonly #strategy: MetadataStrategy;

  constructor({ strategy = new SpreadsheetMetadataStrategy() }: ProcessMetadataStepOptions = {}) {
    super();
    this.#strategy = strategy;
  }

  override async canSkip(context: UploadContext): Promise<boolean | string> {
    if (context.uploadParams.excel_metadata_path) return false;
    const isThere = (await this.#fileBeside(context)) !== undefined;
    return isThere ? false : `There is none of ${this.#strategy.fileNames.join(', ')}, and the params name no other.`;
  }

  async execute(context: UploadContext): Promise<StepResult> {
    context.setProgress(0, 1);
    const file = await this.#find(context);
    if (file === undefined) return StepResult.ok({ data: { rows: 0 } });
    const table = await this.#read(context, file);
    if (table === undefined) return StepResult.ok({ data: { file, rows: 0 } });
    context.fileMetadata = table;
    const count = Object.keys(table).length;
    context.setProgress(1, 1);
    context.log('EXCEL_METADATA_LOADED', { file_count: count });
    context.logMessage(uploadMessages.codes.UPLOAD_METADATA_LOADED, { values: { count } });
    return StepResult.ok({ data: { file, rows: count } });
  }

  protected reset(context: UploadContext): void {
    context.fileMetadata = {};
  }

  async #find(context: UploadContext): Promise<string | undefined> {
    const named = context.uploadParams.excel_metadata_path;
    if (!named) return await this.#fileBeside(context);
    const file = await namedFile(context, named);
    if (file !== undefined) {
      context.log('EXCEL_PATH_RESOLVED_STORAGE', { path: named });
      return file;
    }
    context.log('EXCEL_FILE_NOT_FOUND_PATH', { path: named });
    context.logMessage(`The metadata file ${named} is not there. The upload goes on without metadata.`, 'warning');
    return undefined;
  }

  async #fileBeside({ baseFolder }: UploadContext): Promise<string | undefined> {
    if (baseFolder === undefined) return undefined;
    return await firstFile(this.#strategy.fileNames.map((name) => join(baseFolder, name)));
  }

  /** The rows; nothing when the file cannot be understood. */
  async #read(context: UploadContext, file: string): Promise<MetadataTable | undefined> {
    try {
      await refuseOutside(file, storageOf(context).folder);
      return await this.#strategy.read(file, { signal: context.signal });
    } catch (error) {
      context.signal.throwIfAborted();
      if (!UploadError.is(error)) throw error;
      if (error.code === 'metadata_limit') throw tooMuch(context, error);
      if (error.code !== 'metadata_header' && error.code !== 'metadata_invalid') throw error;
      sayUnreadable(context, file, error);
      return undefined;
    }
  }
}

/** Below the storage, or else beside the files. */
async function namedFile(context: UploadContext, named: string): Promise<string | undefined> {
  const { folder } = storageOf(context);
  const places = [folder, ...(context.baseFolder === undefined ? [] : [context.baseFolder])];
  const paths =
    isAbsolute(named) && isInside(folder, named)
      ? [named]
      : await Promise.all(places.map((place) => pathInStorage(place, named)));
  return await firstFile(paths);
}

async function firstFile(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) return path;
  }
  return undefined;
}

function tooMuch(context: UploadContext, error: UploadError): UploadError {
  context.log('EXCEL_SECURITY_VIOLATION', { error: error.message });
  return new UploadError({
    code: 'metadata_limit',
    message: `Excel security violation: ${error.message}`,
    cause: error,
  });
}

function sayUnreadable(context: UploadContext, file: string, error: UploadError): void {
  const { codes } = uploadMessages;
  const isCsv = extname(file).toLowerCase() === '.csv';
  context.log(isCsv ? 'CSV_PARSING_ERROR' : 'EXCEL_PARSING_ERROR', { error: error.message, file: basename(file) });
  if (error.code === 'metadata_header') {
    const header = error.details?.['header'] ?? '';
    context.logMessage(codes.UPLOAD_METADATA_INVALID_HEADER, { values: { header } });
  }
  context.logMessage(codes.UPLOAD_METADATA_SKIPPED_DUE_TO_ERROR, { values: { error: errorMessage(error) } });
}
