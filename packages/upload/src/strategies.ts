// What users can replace: each step takes its strategy as an option, and asks nothing else of it than what is here.

import type { BackendClient } from '@synapse-steps/backend';
import type { FileSpecification, Id } from '@synapse-steps/backend/api';
import type { JsonObject } from '@synapse-steps/core';

import type { CreatedDataUnit, FailedDataUnit, FileGroup, LeftOutFile, LostFile, UploadedGroup } from './file-group.js';
import type { UploadSettings } from './upload-settings.js';

/** Where the files of one specification are looked for. */
export interface DiscoveryPlace {
  readonly spec: string;
  /** Absolute. It may be missing: then there are no files. */
  readonly folder: string;
  readonly isRecursive: boolean;
}

export interface DiscoveryRequest {
  readonly places: readonly DiscoveryPlace[];
  readonly specifications: readonly FileSpecification[];
  /** Absolute and without links; whatever leads out of it is refused. */
  readonly storageFolder: string;
  /** Keep groups that lack a required file, for whoever checks that later. */
  readonly keepIncomplete?: boolean;
  readonly signal: AbortSignal;
}

export interface Discovery {
  /** Sorted by key. Each has its own `meta`, without what the metadata file says. */
  readonly groups: FileGroup[];
  /** How many files each place had, by specification; no entry where the folder is missing. */
  readonly found: Readonly<Record<string, number>>;
  readonly leftOut: LeftOutFile[];
}

/** Finds files, and says which belong together. */
export interface FileDiscoveryStrategy {
  discover(request: DiscoveryRequest): Promise<Discovery>;
}

/** The rows of a metadata file by the text in their first column. */
export type MetadataTable = Record<string, JsonObject>;

/** Reads what people have written down about the files. */
export interface MetadataStrategy {
  /** File names that are looked for in the base folder, first match wins. */
  readonly fileNames: readonly string[];
  /**
   * @param file absolute path
   * @throws UploadError `metadata_limit`, `metadata_header` or `metadata_invalid`
   */
  read(file: string, options: { readonly signal: AbortSignal }): Promise<MetadataTable>;
  /** The row that belongs to a group: by stem, by file name, or by the stem that a transformed name (`a_0001`) came from. */
  match(table: MetadataTable, group: FileGroup): JsonObject | undefined;
}

export interface ValidationRequest {
  readonly groups: readonly FileGroup[];
  readonly specifications: readonly FileSpecification[];
  readonly signal: AbortSignal;
}

/** Says what is wrong with the groups; any problem fails the step. */
export interface ValidationStrategy {
  /** One sentence for each problem, such as `File group 1: missing required file type "labels"`. */
  validate(request: ValidationRequest): readonly string[] | Promise<readonly string[]>;
}

/** What the content check found in one file. It never quotes the file. */
export interface ContentFinding {
  readonly key: string;
  readonly spec: string;
  readonly path: string;
  /** For example `SCRIPT_INJECTION`. */
  readonly rule: string;
  /** For example `script_tag`. */
  readonly label: string;
  /** Where in the file, 0-based; a file that is of another kind than its extension says (`TYPE_MISMATCH`) is so as a whole. */
  readonly byte?: number;
}

/** Something that went on while files were sent. */
export type TransferEvent =
  /** More bytes of some file are on their way. */
  | { readonly type: 'bytes'; readonly bytes: number }
  /** A file has arrived, or is given up, or was there already. */
  | {
      readonly type: 'file';
      readonly key: string;
      readonly spec: string;
      readonly path: string;
      readonly outcome: 'sent' | 'there' | 'failed';
      readonly error?: unknown;
    }
  /** Something that people should know, such as a way of sending that was given up for another. */
  | { readonly type: 'note'; readonly level: 'info' | 'warning'; readonly text: string };

/** A file that was stored by this run, as undo needs it. */
export interface StoredFile {
  readonly path: string;
  readonly checksum: string;
  /** Missing where the answer was lost and the look told only that it is there. */
  readonly id?: Id;
  /** The upload in chunks that it was made of; left out where it is not sure that it was made of it. */
  readonly chunkedUpload?: Id;
  /** The key of the object that it was made of, by which it can be found where its id is not known. */
  readonly objectKey?: string;
}

/** What undo needs of a file that is sent in chunks. Await each. */
export interface ChunkNotes {
  /** Before its first chunk: something of it may be on the backend from now on. */
  willBegin(path: string): Promise<void>;
  /** As soon as its upload has an id (`onBegun`). */
  begun(path: string, id: Id, facts?: { readonly mayHaveTwin: boolean }): Promise<void>;
  /** Its first chunk surely did not arrive (`onNotBegun`). */
  notBegun(path: string): Promise<void>;
}

export interface UploadRequest {
  readonly groups: readonly FileGroup[];
  readonly specifications: readonly FileSpecification[];
  readonly client: BackendClient;
  readonly settings: UploadSettings;
  readonly signal: AbortSignal;
  /** Await it before the effect: these files may be on the backend from now on. */
  readonly willStore: (files: readonly { readonly path: string }[]) => Promise<void>;
  /** Await it as soon as ids are known. */
  readonly stored: (files: readonly StoredFile[]) => Promise<void>;
  readonly chunks: ChunkNotes;
  /** What undo needs of files that go to the object store. Await it before anything is put there. */
  readonly objects: { reserved(objects: readonly { readonly path: string; readonly key: string }[]): Promise<void> };
  /** Absolute and without links; what leads out of it is not read. */
  readonly storageFolder?: string | undefined;
  /** The collection whose data units are made; what it has already is not made again. */
  readonly dataCollection?: Id;
  readonly onEvent: (event: TransferEvent) => void;
}

export interface UploadOutcome {
  /** Groups of which all files arrived (or are there), in the order of the request. */
  readonly uploaded: UploadedGroup[];
  readonly lost: LostFile[];
  readonly leftOut: LeftOutFile[];
}

/** Sends files. Each file of the request is in `uploaded`, `lost` or `leftOut` in the end, and in one of them only. */
export interface UploadStrategy {
  upload(request: UploadRequest): Promise<UploadOutcome>;
}

export interface DataUnitRequest {
  readonly groups: readonly UploadedGroup[];
  readonly dataCollection: Id;
  readonly client: BackendClient;
  readonly settings: UploadSettings;
  readonly signal: AbortSignal;
  /**
   * Await it before the effect: units of these groups may be there from now on. It resolves to the id that they are newer
   * than, when they may look like those of another run: whoever looks for them must take no other; null if that id is not
   * known, and then nobody can look. Undefined when no other looks like them.
   */
  readonly willCreate: (groups: readonly UploadedGroup[]) => Promise<number | null | undefined>;
  /** Await it as soon as ids are known. */
  readonly created: (units: readonly CreatedDataUnit[]) => Promise<void>;
  readonly onBatch: (batch: {
    readonly created: readonly CreatedDataUnit[];
    readonly failed: readonly FailedDataUnit[];
    readonly number: number;
    readonly of: number;
  }) => void;
}

export interface DataUnitOutcome {
  readonly created: CreatedDataUnit[];
  readonly failed: FailedDataUnit[];
}

/** Makes data units of uploaded groups. */
export interface DataUnitStrategy {
  generate(request: DataUnitRequest): Promise<DataUnitOutcome>;
}
