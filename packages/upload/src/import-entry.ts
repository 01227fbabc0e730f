import type { Id } from '@synapse-steps/backend/api';

/** What became of one group or file, as a line of the import report has it. */
export interface ImportEntry {
  /** A file's name, or a group's key. */
  readonly name: string;
  readonly status: 'success' | 'failed' | 'skipped';
  /** A word such as `UNSAFE_CONTENT`. */
  readonly reasonCode?: string;
  readonly reasonDetail?: string;
  /** RFC 3339, UTC. */
  readonly processedAt: string;
  readonly path?: string;
  /** Bytes. */
  readonly size?: number;
  readonly checksum?: string;
  readonly dataUnitId?: Id;
}
