import type { Id } from '@synapse-steps/backend/api';
import type { JsonObject } from '@synapse-steps/core';

/** The files that are to become one data unit. */
export interface FileGroup {
  /**
   * Unique among the groups of a run: the stem of its files, or `folder/stem` where several folders have files of that stem.
   */
  readonly key: string;
  /** Absolute paths by the name of the file specification. */
  readonly files: Readonly<Record<string, string>>;
  /** What the data unit's `meta` will be: origin_file_stem, origin_file_extension, created_at, data_unit_key, and more. */
  readonly meta: JsonObject;
  /** Names of data groups, outermost first. */
  readonly groups?: readonly string[];
}

/** One file that the backend has. */
export interface UploadedFile {
  readonly path: string;
  /** MD5 or SHA-1 in hex, by the way that it was sent. */
  readonly checksum: string;
  /** Bytes. */
  readonly size: number;
  /** The data file's id, where the backend told it. */
  readonly id?: Id;
}

/** A group whose files are all on the backend. */
export interface UploadedGroup extends Omit<FileGroup, 'files'> {
  readonly files: Readonly<Record<string, UploadedFile>>;
}

/** A data unit that the backend made of a group. */
export interface CreatedDataUnit {
  readonly id: Id;
  /** The key of its group. */
  readonly key: string;
}

/** A file that is not in any data unit, though it should be. */
export interface LostFile {
  /** The key of its group. */
  readonly key: string;
  /** The name of its file specification. */
  readonly spec: string;
  readonly path: string;
  /** In the words of what failed. */
  readonly reason: string;
  /** True when the backend may have it all the same: the answer was lost and no look could tell. */
  readonly isUnknown?: boolean;
}

/** A group whose files are on the backend and which did not become a data unit. */
export interface FailedDataUnit {
  /** The key of its group. */
  readonly key: string;
  readonly reason: string;
  /** True when it may be there all the same: the answer was lost and no look could tell. */
  readonly isUnknown?: boolean;
}

/** Why a file, or a whole group, was left out. */
export type LeftOutCode =
  /** A second file of the same specification and key. */
  | 'DUPLICATE_STEM'
  /** The group lacks a file that its collection requires. */
  | 'MISSING_REQUIRED_FILE'
  /** The extension is none of those that the action allows. */
  | 'EXTENSION_NOT_ALLOWED'
  /** A link that leads out of the storage, or round in a circle. */
  | 'LINK_REFUSED'
  /** Neither file nor folder, or it may not be read. */
  | 'NOT_READABLE'
  /** The content check found something. */
  | 'UNSAFE_CONTENT'
  /** An empty file of a specification that is not required. */
  | 'EMPTY_OPTIONAL_FILE'
  /** The backend has these files already. */
  | 'ALREADY_UPLOADED';

/** A file that was left out for a reason that is no failure of sending. */
export interface LeftOutFile {
  readonly code: LeftOutCode;
  readonly path: string;
  /** One sentence; it never quotes what is in the file. */
  readonly detail: string;
  readonly spec?: string;
  readonly key?: string;
}
