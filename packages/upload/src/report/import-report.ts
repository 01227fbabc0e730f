// What became of every file of an upload, for the people who wanted it done. The names are those of the backend's log.

import { basename } from 'node:path';

import type { Id } from '@synapse-steps/backend/api';

import type { LeftOutCode, LeftOutFile } from '../file-group.js';
import type { ImportEntry } from '../import-entry.js';
import type { UploadContext } from '../upload-context.js';

/** The whole story of an upload. */
export interface ImportReport {
  /** `IMP-` + date + `-` + job, such as `IMP-20260131-42`; `LOCAL` where there is no job. */
  readonly requestId: string;
  readonly entries: readonly ImportEntry[];
  /** How many became data units, and how many did not though they should have. What was skipped is in neither. */
  readonly successCount: number;
  readonly failedCount: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly completedAt: string;
  readonly jobId: string | null;
  readonly storageId: Id | null;
  readonly dataCollectionId: Id | null;
}

/** The report of an upload as far as it has come. */
export function importReport(context: UploadContext, now: string = new Date().toISOString()): ImportReport {
  const entries = entriesOf(context, now);
  const { storage, data_collection: dataCollection } = context.uploadParams;
  const jobId = context.runtimeContext.jobId ?? null;
  const startedAt = context.startedAt ?? now;
  return {
    requestId: `IMP-${startedAt.slice(0, 10).replaceAll('-', '')}-${jobId ?? 'LOCAL'}`,
    entries,
    successCount: entries.filter(({ status }) => status === 'success').length,
    failedCount: entries.filter(({ status }) => status === 'failed').length,
    startedAt,
    completedAt: now,
    jobId,
    storageId: storage ?? null,
    dataCollectionId: dataCollection ?? null,
  };
}

/** Left out on purpose: whoever looks for the file needs to know, but nothing went wrong. */
const SKIPPED: ReadonlySet<LeftOutCode> = new Set<LeftOutCode>(['EMPTY_OPTIONAL_FILE', 'ALREADY_UPLOADED']);

function entriesOf(context: UploadContext, processedAt: string): ImportEntry[] {
  // What the action does not allow was never part of the import; the upload's result names it.
  const reported = context.leftOutFiles.filter(({ code }) => code !== 'EXTENSION_NOT_ALLOWED');
  const left = reported.map((file) => leftOutEntry(file, processedAt));
  const lost = context.lostFiles.map(({ path, reason }): ImportEntry => {
    return { ...failed(basename(path), 'UPLOAD_FAILED', reason), path, processedAt };
  });
  const notMade = context.failedDataUnits.map(({ key, reason }): ImportEntry => {
    return { ...failed(key, 'DATA_UNIT_FAILED', reason), processedAt };
  });
  const made = context.dataUnits.map(({ key, id }): ImportEntry => {
    return { name: key, status: 'success', processedAt, dataUnitId: id };
  });
  return [...context.importEntries, ...left, ...lost, ...notMade, ...made];
}

function leftOutEntry({ code, path, detail }: LeftOutFile, processedAt: string): ImportEntry {
  const status = SKIPPED.has(code) ? 'skipped' : 'failed';
  return { name: basename(path), status, reasonCode: code, reasonDetail: detail, path, processedAt };
}

function failed(name: string, reasonCode: string, reasonDetail: string) {
  return { name, status: 'failed', reasonCode, reasonDetail } as const;
}
