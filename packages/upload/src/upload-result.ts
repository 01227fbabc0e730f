import type { RunReport } from '@synapse-steps/core';
import { z } from 'zod';

import type { UploadContext } from './upload-context.js';

/** What an upload resolves to. Lists hold 100 entries at most; the counts are of all. */
export const uploadResultSchema = z.object({
  success: z.boolean(),
  stepsExecuted: z.int(),
  stepsTotal: z.int(),
  /** How many groups of files arrived. */
  uploadedFiles: z.int(),
  dataUnits: z.int(),
  /** True when some file did not arrive or some data unit was not made, though others were. */
  partialFailure: z.boolean(),
  lostFilesCount: z.int(),
  /** Paths. */
  lostFiles: z.array(z.string()),
  failedDataUnitsCount: z.int(),
  /** Keys of groups whose files arrived and that did not become a data unit, with the reason. */
  failedDataUnits: z.array(z.object({ key: z.string(), reason: z.string() })),
  leftOutFilesCount: z.int(),
  /** Files that were not sent for a reason: unsafe, incomplete, a duplicate, … */
  leftOutFiles: z.array(z.object({ code: z.string(), path: z.string(), detail: z.string() })),
});

export type UploadResult = z.output<typeof uploadResultSchema>;

const MOST_ENTRIES = 100;

/** The result of an upload whose steps succeeded. */
export function uploadResult(report: RunReport, context: UploadContext): UploadResult {
  const { lostFiles, failedDataUnits, leftOutFiles } = context;
  return {
    success: report.success,
    stepsExecuted: report.stepsExecuted,
    stepsTotal: report.stepsTotal,
    uploadedFiles: context.uploadedFiles.length,
    dataUnits: context.dataUnits.length,
    partialFailure: lostFiles.length > 0 || failedDataUnits.length > 0,
    lostFilesCount: lostFiles.length,
    lostFiles: lostFiles.slice(0, MOST_ENTRIES).map(({ path }) => path),
    failedDataUnitsCount: failedDataUnits.length,
    failedDataUnits: failedDataUnits.slice(0, MOST_ENTRIES).map(({ key, reason }) => ({ key, reason })),
    leftOutFilesCount: leftOutFiles.length,
    leftOutFiles: leftOutFiles.slice(0, MOST_ENTRIES).map(({ code, path, detail }) => ({ code, path, detail })),
  };
}
