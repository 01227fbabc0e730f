import { StepResult } from '@synapse-steps/core';

import { logImportReport } from '../report/import-events.js';
import { importReport } from '../report/import-report.js';
import type { UploadContext } from '../upload-context.js';
import { uploadMessages } from '../upload-messages.js';
import { UploadStep } from './upload-step.js';

/** Tells what became of every file. There is nothing to clean up: no step of an upload leaves files of its own. */
export class CleanupStep extends UploadStep {
  readonly name = 'cleanup';
  readonly progressWeight = 0.05;
  protected readonly rollbackEvent = 'ROLLBACK_CLEANUP';

  async execute(context: UploadContext): Promise<StepResult> {
    context.setProgress(0, 1);
    const report = importReport(context);
    const { organizedFiles, uploadedFiles, dataUnits } = context;
    logImportReport(context, report);
    context.log('IMPORT_COMPLETED', {
      organized_files: organizedFiles.length,
      uploaded_files: uploadedFiles.length,
      data_units: dataUnits.length,
      import_total_files: report.successCount + report.failedCount,
      import_success_count: report.successCount,
      import_failed_count: report.failedCount,
    });
    context.setProgress(1, 1);
    const values = { files: uploadedFiles.length, data_units: dataUnits.length };
    context.logMessage(uploadMessages.codes.UPLOAD_COMPLETED, { values });
    return StepResult.ok({
      data: {
        organizedFiles: organizedFiles.length,
        uploadedFiles: uploadedFiles.length,
        dataUnits: dataUnits.length,
        importSuccessCount: report.successCount,
        importFailedCount: report.failedCount,
      },
    });
  }

  protected reset(): void {}
}
