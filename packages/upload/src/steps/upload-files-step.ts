import { BaseStep, StepResult, type UndoResult } from '@synapse-steps/core';

import type { LostFile } from '../file-group.js';
import { DefaultUploadStrategy } from '../sending/default-upload-strategy.js';
import { TransferProgress, type TransferState } from '../sending/transfer-progress.js';
import type { TransferEvent, UploadOutcome, UploadStrategy } from '../strategies.js';
import { FileLedger, readFileLedger } from '../undo/file-ledger.js';
import { removeOrphans } from '../undo/remove-orphans.js';
import { assertUndone } from '../undo/undo-each.js';
import { undoFiles } from '../undo/undo-files.js';
import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';

export interface UploadFilesStepOptions {
  /** How files are sent. Default: {@link DefaultUploadStrategy}. */
  readonly strategy?: UploadStrategy;
}

/** How many lost files a log line and the report name. */
const MOST_NAMED = 100;

/** Sends the files. Those that do not arrive are in `context.lostFiles`; only when none arrives does the step fail. */
export class UploadFilesStep extends BaseStep<UploadContext> {
  readonly name = 'upload_files';
  readonly progressWeight = 0.3;
  readonly #strategy: UploadStrategy;

  constructor({ strategy = new DefaultUploadStrategy() }: UploadFilesStepOptions = {}) {
    super();
    this.#strategy = strategy;
  }

  async execute(context: UploadContext): Promise<StepResult> {
    const { organizedFiles: groups, client, settings, signal, dataCollection } = context;
    if (groups.length === 0) throw nothingUploaded('No organized files to upload');
    context.setProgress(0, groups.length);
    tellMetrics(context, { standBy: groups.length, success: 0, failed: 0 });
    context.log('UPLOADING_DATA_FILES', { count: groups.length });
    context.logMessage(uploadMessages.codes.UPLOAD_FILES_UPLOADING, { values: { count: groups.length } });
    context.log('CALCULATING_CHECKSUMS', { count: groups.length }); // while the files are sent
    const progress = await TransferProgress.of(groups, (state) => tellState(context, state));
    const ledger = new FileLedger(groups, (undo) => context.saveUndo(undo));
    const outcome = await this.#strategy.upload({
      groups,
      specifications: dataCollection?.file_specifications ?? [],
      client,
      settings,
      signal,
      willStore: (files) => ledger.willStore(files),
      stored: (files) => ledger.stored(files),
      chunks: ledger.chunks,
      objects: ledger.objects,
      dataCollection: context.uploadParams.data_collection,
      storageFolder: context.storage?.folder,
      onEvent: (event) => {
        progress.take(event);
        tellNote(context, event);
      },
    });
    await ledger.settle(outcome.lost.filter(({ isUnknown }) => isUnknown === true));
    keepOutcome(context, outcome);
    tellEmpty(context, outcome);
    tellEnd(context, progress.state);
    if (outcome.uploaded.length === 0 && outcome.lost.length > 0) {
      context.log('NO_FILES_UPLOADED');
      throw nothingUploaded('No files were successfully uploaded', outcome.lost[0]);
    }
    const leftBehind = await removeOrphans(ledger, outcome, context);
    if (leftBehind.length > 0) context.log('FILES_LEFT_BEHIND', { files: leftBehind }, 'warning');
    return StepResult.ok({ data: { ...summaryOf(context), ...(leftBehind.length > 0 && { leftBehind }) } });
  }

  /** Deletes data files and unfinished uploads in chunks where the backend can, and names those that it keeps. */
  override async rollback(context: UploadContext, { rollbackData }: StepResult): Promise<UndoResult> {
    context.log('ROLLBACK_FILE_UPLOADS');
    const files = readFileLedger(rollbackData, context.organizedFiles);
    const { signal } = context;
    const { leftBehind, failures } = hasWork(files)
      ? await undoFiles(files, { client: context.client, signal })
      : NOTHING;
    context.uploadedFiles = [];
    context.lostFiles = [];
    assertUndone(failures);
    return { leftBehind };
  }
}

const NOTHING = { leftBehind: [], failures: [] } as const;

function hasWork({ stored, maybe, chunks, objects }: ReturnType<typeof readFileLedger>): boolean {
  return stored.length + maybe.length + chunks.length + objects.length > 0;
}

function keepOutcome(context: UploadContext, { uploaded, lost, leftOut }: UploadOutcome): void {
  const { groupName } = context.settings;
  context.uploadedFiles =
    groupName === undefined ? uploaded : uploaded.map((group) => ({ ...group, groups: [groupName] }));
  context.lostFiles = [...context.lostFiles, ...lost];
  context.leftOutFiles = [...context.leftOutFiles, ...leftOut];
}

function tellState(context: UploadContext, state: TransferState): void {
  const { bytes, totalBytes, fraction } = state;
  const groups = context.organizedFiles.length;
  context.setProgress(Math.min(groups, Math.round(fraction * groups * 100) / 100), groups, {
    message: `${groups - state.standBy} of ${groups} groups, ${bytes} of ${totalBytes} bytes`,
  });
  tellMetrics(context, state);
  context.setMetrics({ total: totalBytes, sent: bytes }, 'data_bytes');
}

function tellMetrics(context: UploadContext, { standBy, success, failed }: Counts): void {
  context.setMetrics({ stand_by: standBy, success, failed }, 'data_files');
}

type Counts = Pick<TransferState, 'standBy' | 'success' | 'failed'>;

function tellNote(context: UploadContext, event: TransferEvent): void {
  if (event.type === 'note') context.log('FILE_UPLOAD_FAILED', { message: event.text }, event.level);
}

function tellEmpty(context: UploadContext, { leftOut }: UploadOutcome): void {
  const empty = leftOut.filter(({ code }) => code === 'EMPTY_OPTIONAL_FILE');
  for (const { spec, path } of empty.slice(0, MOST_NAMED)) {
    context.log('SKIPPED_INVALID_NON_REQUIRED_FILE', { message: `${spec}: ${path}` });
  }
}

/** What became of each group, in words and numbers. */
function tellEnd(context: UploadContext, { totalBytes, bytes }: TransferState): void {
  const { organizedFiles, uploadedFiles, lostFiles } = context;
  const lost = new Map(lostFiles.map(({ key, reason }) => [key, reason]));
  const arrived = new Set(uploadedFiles.map(({ key }) => key));
  for (const { key, files } of organizedFiles) {
    const message = lost.get(key);
    if (arrived.has(key)) context.log('upload_data_file', { files, status: 'success' });
    else if (message !== undefined) {
      context.log('upload_data_file', { files, status: 'failed', message });
      context.log('FILE_UPLOAD_FAILED', { message });
    }
  }
  const [success, failed] = [uploadedFiles.length, lost.size];
  context.setProgress(organizedFiles.length, organizedFiles.length);
  tellMetrics(context, { standBy: 0, success, failed });
  context.setMetrics({ total: totalBytes, sent: bytes }, 'data_bytes');
  if (success === 0 && failed > 0) return;
  context.log('STEP_COMPLETED', { step: 'upload_files', uploaded_count: success });
  const { UPLOAD_FILES_COMPLETED, UPLOAD_FILES_COMPLETED_WITH_FAILURES } = uploadMessages.codes;
  const code = failed > 0 ? UPLOAD_FILES_COMPLETED_WITH_FAILURES : UPLOAD_FILES_COMPLETED;
  context.logMessage(code, { values: { success, failed } });
  if (failed === 0) return;
  const facts = { attempted: organizedFiles.length, uploaded: success, lost: lostFiles.length };
  context.log('PARTIAL_UPLOAD_LOSS', { ...facts, files: namesOf(lostFiles) }, 'warning');
}

function summaryOf({ organizedFiles, uploadedFiles, lostFiles }: UploadContext): Record<string, unknown> {
  return {
    uploadedFilesCount: uploadedFiles.length,
    attemptedFilesCount: organizedFiles.length,
    partialFailure: lostFiles.length > 0,
    lostFilesCount: lostFiles.length,
    lostFiles: namesOf(lostFiles),
  };
}

function namesOf(lost: readonly LostFile[]): string[] {
  return lost.slice(0, MOST_NAMED).map(({ path }) => path);
}

function nothingUploaded(message: string, first?: LostFile): UploadError {
  const cause = first && new Error(`${first.path}: ${first.reason}`);
  return new UploadError({ code: 'nothing_uploaded', message, ...(cause && { cause }) });
}
