import type { JsonObject } from '@synapse-steps/core';

import type { ImportEntry } from '../import-entry.js';
import type { UploadContext } from '../upload-context.js';
import type { ImportReport } from './import-report.js';

/** What is more than this, as JSON, is told in several events, which say `part` and `parts`; a log line has its limits. */
const MOST_CHARACTERS = 24 * 1024;

/** Writes the report into the log: one list for the people who sent the files, one with more for those who look after it. */
export function logImportReport(context: UploadContext, report: ImportReport): void {
  const lists = inParts(report);
  for (const [index, entries] of lists.entries()) {
    const which = lists.length > 1 ? { part: index + 1, parts: lists.length } : {};
    context.log('import_result', { ...importResult({ ...report, entries }), ...totals(report), ...which });
    context.log('import_result_admin', { ...importResultAdmin({ ...report, entries }), ...totals(report), ...which });
  }
}

/** The entries by events; there is always one. */
function inParts(report: ImportReport): ImportEntry[][] {
  let part: ImportEntry[] = [];
  let characters = 0;
  const parts = [part];
  for (const entry of report.entries) {
    const more = JSON.stringify(adminLineOf(report, entry)).length;
    if (part.length > 0 && characters + more > MOST_CHARACTERS) {
      parts.push((part = []));
      characters = 0;
    }
    part.push(entry);
    characters += more;
  }
  return parts;
}

/** The report by the names of the backend's log. */
export function importResult(report: ImportReport): JsonObject {
  return {
    import_request_id: report.requestId,
    ...totals(report),
    entries: report.entries.map((entry) => lineOf(report, entry)),
    started_at: report.startedAt,
    completed_at: report.completedAt,
  };
}

/** The same, with paths, sizes, checksums and ids. */
export function importResultAdmin(report: ImportReport): JsonObject {
  return {
    ...importResult(report),
    entries: report.entries.map((entry) => adminLineOf(report, entry)),
    job_id: report.jobId !== null && /^\d+$/.test(report.jobId) ? Number(report.jobId) : report.jobId, // as the backend has it
    ray_job_id: null,
    storage_id: report.storageId,
    data_collection_id: report.dataCollectionId,
  };
}

function totals({ successCount, failedCount }: ImportReport) {
  return { total_files: successCount + failedCount, success_count: successCount, failed_count: failedCount };
}

function lineOf({ requestId }: ImportReport, entry: ImportEntry) {
  return {
    import_request_id: requestId,
    original_file_name: entry.name,
    import_status: entry.status,
    failure_reason_code: entry.reasonCode ?? null,
    failure_reason_detail: entry.reasonDetail ?? null,
    processed_at: entry.processedAt,
  };
}

/** One entry with all that is known. */
export function adminLineOf(report: ImportReport, entry: ImportEntry) {
  return {
    ...lineOf(report, entry),
    file_path: entry.path ?? null,
    file_size: entry.size ?? null,
    checksum: entry.checksum ?? null,
    data_unit_id: entry.dataUnitId ?? null,
  };
}
