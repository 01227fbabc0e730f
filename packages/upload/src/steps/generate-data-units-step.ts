import { BackendError } from '@synapse-steps/backend';
import { BaseStep, StepResult, type UndoResult } from '@synapse-steps/core';

import { BatchDataUnitStrategy } from '../data-units/batch-data-unit-strategy.js';
import type { CreatedDataUnit, FailedDataUnit } from '../file-group.js';
import type { DataUnitRequest, DataUnitStrategy } from '../strategies.js';
import { assertUndone } from '../undo/undo-each.js';
import { undoUnits } from '../undo/undo-units.js';
import { readUnitLedger, UnitLedger } from '../undo/unit-ledger.js';
import type { UploadContext } from '../upload-context.js';
import { UploadError } from '../upload-error.js';
import { uploadMessages } from '../upload-messages.js';

export interface GenerateDataUnitsStepOptions {
  /** How data units are made. Default: {@link BatchDataUnitStrategy}. */
  readonly strategy?: DataUnitStrategy;
}

/** Makes a data unit of each group that arrived; only when none is made does the step fail. */
export class GenerateDataUnitsStep extends BaseStep<UploadContext> {
  readonly name = 'generate_data_units';
  readonly progressWeight = 0.2;
  readonly #strategy: DataUnitStrategy;

  constructor({ strategy = new BatchDataUnitStrategy() }: GenerateDataUnitsStepOptions = {}) {
    super();
    this.#strategy = strategy;
  }

  /** All files were there before: there is nothing to make, and nothing is wrong. */
  override canSkip({ uploadedFiles, lostFiles, leftOutFiles }: UploadContext): string | false {
    const isAllThere = uploadedFiles.length === 0 && lostFiles.length === 0;
    const wereThere = leftOutFiles.some(({ code }) => code === 'ALREADY_UPLOADED');
    return isAllThere && wereThere ? 'The backend has all files already' : false;
  }

  async execute(context: UploadContext): Promise<StepResult> {
    const { uploadedFiles: groups, client, settings, signal } = context;
    if (groups.length === 0) throw nothingCreated('No uploaded files to generate data units from');
    const dataCollection = context.uploadParams.data_collection;
    context.setProgress(0, groups.length);
    context.log('GENERATING_DATA_UNITS', { count: groups.length });
    context.logMessage(uploadMessages.codes.UPLOAD_DATA_UNITS_CREATING, { values: { count: groups.length } });
    const tally = new Tally(context);
    const ledger = new UnitLedger(groups, {
      save: (undo) => context.saveUndo(undo),
      startedAt: context.startedAt,
      newestUnit: () => newestUnit(context),
    });
    const { created, failed } = await this.#strategy.generate({
      groups,
      dataCollection,
      client,
      settings,
      signal,
      willCreate: (batch) => ledger.willCreate(batch),
      created: (units) => ledger.created(units),
      onBatch: (batch) => tally.take(batch),
    });
    await ledger.settle(failed);
    context.dataUnits = created;
    context.failedDataUnits = failed;
    tally.end(created, failed);
    if (created.length > 0) {
      const data = {
        dataUnitsCount: created.length,
        failedDataUnitsCount: failed.length,
        partialFailure: failed.length > 0,
      };
      return StepResult.ok({ data });
    }
    context.log('NO_DATA_UNITS_GENERATED');
    throw nothingCreated(`No data units were successfully generated from ${groups.length} uploaded files`, failed[0]);
  }

  /** Deletes the data units, newest first; one that is gone already counts as done. */
  override async rollback(context: UploadContext, { rollbackData }: StepResult): Promise<UndoResult> {
    context.log('ROLLBACK_DATA_UNIT_GENERATION');
    const units = readUnitLedger(rollbackData);
    const { uploadedFiles: groups, signal } = context;
    const hasWork = units.ids.length > 0 || units.maybe.length > 0;
    const { leftBehind, failures } = hasWork
      ? await undoUnits(units, {
          client: context.client,
          dataCollection: context.uploadParams.data_collection,
          groups,
          signal,
        })
      : { leftBehind: [], failures: [] };
    context.dataUnits = [];
    context.failedDataUnits = [];
    assertUndone(failures);
    return { leftBehind };
  }
}

/** Only asked where groups may look like those of an earlier run. Null where the backend does not say. */
async function newestUnit({ client, signal, uploadParams }: UploadContext): Promise<number | null> {
  const dataCollection = uploadParams.data_collection;
  try {
    for await (const { id } of client.dataUnits.list({ dataCollection, pageSize: 1, signal }))
      return typeof id === 'number' ? id : null;
    return 0;
  } catch (error) {
    if (signal.aborted || !BackendError.is(error)) throw error;
    return null;
  }
}

type Batch = Parameters<DataUnitRequest['onBatch']>[0];

/** Counts what was made, and tells it. */
class Tally {
  readonly #context: UploadContext;
  readonly #total: number;
  #success = 0;
  #failed = 0;

  constructor(context: UploadContext) {
    this.#context = context;
    this.#total = context.uploadedFiles.length;
    this.#tellMetrics();
  }

  take({ created, failed, number, of }: Batch): void {
    this.#success += created.length;
    this.#failed += failed.length;
    const context = this.#context;
    const [first] = failed;
    if (created.length > 0)
      context.log('upload_action_log', { message: `Batch ${number}/${of}: ${created.length} data units created` });
    if (first) {
      const message = `Batch ${number}/${of} failed (${failed.length} items): ${first.reason}`;
      context.log('upload_action_log', { message }, 'warning');
      context.log('DATA_UNIT_BATCH_FAILED', { message: first.reason, batch_size: created.length + failed.length });
    }
    context.setProgress(this.#success + this.#failed, this.#total);
    this.#tellMetrics();
  }

  end(created: readonly CreatedDataUnit[], failed: readonly FailedDataUnit[]): void {
    const context = this.#context;
    [this.#success, this.#failed] = [created.length, failed.length];
    const metas = new Map(context.uploadedFiles.map(({ key, meta }) => [key, meta]));
    const now = new Date().toISOString();
    for (const { id, key } of created) {
      const meta = metas.get(key) ?? {};
      context.log('upload_data_unit', { status: 'success', created: now, data_unit_id: id, data_unit_meta: meta });
    }
    for (const { key, reason: message } of failed) {
      const told = { data_unit_id: null, data_unit_meta: metas.get(key) ?? {}, message };
      context.log('upload_data_unit', { status: 'failed', created: now, ...told });
    }
    for (const { id, key } of created) context.log('DATA_UNIT_CREATED', { id, meta: metas.get(key) ?? {} });
    context.setProgress(this.#total, this.#total);
    this.#tellMetrics();
    if (created.length === 0) return;
    const [count, lost] = [created.length, failed.length];
    context.log('STEP_COMPLETED', { step: 'generate_data_units', data_units_count: count });
    const { UPLOAD_DATA_UNITS_COMPLETED, UPLOAD_DATA_UNITS_COMPLETED_WITH_FAILURES } = uploadMessages.codes;
    const code = lost > 0 ? UPLOAD_DATA_UNITS_COMPLETED_WITH_FAILURES : UPLOAD_DATA_UNITS_COMPLETED;
    context.logMessage(code, { values: { count, success: count, failed: lost } });
  }

  #tellMetrics(): void {
    const [success, failed] = [this.#success, this.#failed];
    const standBy = Math.max(0, this.#total - success - failed);
    this.#context.setMetrics({ stand_by: standBy, success, failed }, 'data_units');
  }
}

function nothingCreated(message: string, first?: FailedDataUnit): UploadError {
  const cause = first && new Error(`${first.key}: ${first.reason}`);
  return new UploadError({ code: 'nothing_created', message, ...(cause && { cause }) });
}
