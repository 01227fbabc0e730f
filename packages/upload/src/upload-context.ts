import type { BackendClient } from '@synapse-steps/backend';
import type { DataCollection, Id } from '@synapse-steps/backend/api';
import { BaseStepContext } from '@synapse-steps/core';

import { backendOf } from './backend-of.js';
import type { CreatedDataUnit, FailedDataUnit, FileGroup, LeftOutFile, LostFile, UploadedGroup } from './file-group.js';
import type { ImportEntry } from './import-entry.js';
import type { MetadataTable } from './strategies.js';
import type { UploadParams } from './upload-params.js';
import { uploadSettings, type UploadSettings } from './upload-settings.js';

/** What is known of the storage. Its session is not: it holds credentials that expire, and is opened again by the id. */
export interface UploadStorage {
  readonly id: Id;
  readonly provider: string;
  /** The storage's folder on this machine, absolute and without links. Nothing outside of it is read. */
  readonly folder: string;
}

/**
 * The state of an upload: what one step finds out and the next ones use. All of it is JSON, so that it can be journaled and
 * a run can be resumed.
 */
export class UploadContext extends BaseStepContext {
  /** Extensions by file type that the action allows, as `{ image: ['.jpg'] }`; types that are not named allow all. */
  allowedExtensions: Record<string, string[]> = {};
  storage: UploadStorage | undefined;
  dataCollection: DataCollection | undefined;
  /** The folder that `path` names, absolute; none when each specification has a path of its own (`assets`). */
  baseFolder: string | undefined;
  /** Rows of the metadata file by what their first column names. */
  fileMetadata: MetadataTable = {};
  organizedFiles: FileGroup[] = [];
  uploadedFiles: UploadedGroup[] = [];
  dataUnits: CreatedDataUnit[] = [];
  /** Files that should have arrived and did not. */
  lostFiles: LostFile[] = [];
  failedDataUnits: FailedDataUnit[] = [];
  /** Files that were left out for a reason. */
  leftOutFiles: LeftOutFile[] = [];
  /** Lines of the import report; those of data units are added at the end. */
  importEntries: ImportEntry[] = [];
  /** When the run began: RFC 3339, UTC. */
  startedAt: string | undefined;

  /** The params as their schema made them. */
  get uploadParams(): UploadParams {
    return this.params as unknown as UploadParams;
  }

  get settings(): UploadSettings {
    const timeout = this.runtimeContext.env.getText('SYNAPSE_UPLOAD_READ_TIMEOUT', '');
    return uploadSettings(this.uploadParams, { SYNAPSE_UPLOAD_READ_TIMEOUT: timeout });
  }

  /** The client of the runtime context. @throws UploadError `missing_context` */
  get client(): BackendClient {
    return backendOf(this.runtimeContext);
  }
}
