import type { UploadSource } from '@synapse-steps/backend';
import type { Id } from '@synapse-steps/backend/api';

import type { FileGroup } from '../file-group.js';

/** One file of the upload, from the list to its end. */
export interface Cargo {
  readonly group: number;
  readonly key: string;
  readonly spec: string;
  readonly path: string;
  /** An empty file of such a specification is left out. */
  readonly isOptional: boolean;
  /** Where it can be read, while its turn lasts. */
  source: UploadSource | undefined;
  /** Bytes; 0 until it was looked at. */
  size: number;
  end: CargoEnd | undefined;
}

export type CargoEnd =
  | { readonly is: 'there'; readonly checksum: string; readonly id?: Id; readonly how: 'sent' | 'shared' }
  /** The backend had it before; a data unit may name it by any of its checksums. */
  | {
      readonly is: 'there';
      readonly checksum: string;
      readonly id?: Id;
      readonly how: 'known';
      readonly sums: readonly string[];
    }
  | { readonly is: 'left-out' }
  | { readonly is: 'lost'; readonly error: unknown; readonly isUnknown: boolean };

/** All files of the groups, in their order. @param optional the names of specifications that need no file */
export function cargoOf(groups: readonly FileGroup[], optional: ReadonlySet<string>): Cargo[] {
  return groups.flatMap(({ key, files }, group) =>
    Object.entries(files).map(([spec, path]): Cargo => {
      const isOptional = optional.has(spec);
      return { group, key, spec, path, isOptional, source: undefined, size: 0, end: undefined };
    }),
  );
}

/** A file whose turn it is, and which can be read. */
export type OpenCargo = Cargo & { readonly source: UploadSource };

export function isOpen(cargo: Cargo): cargo is OpenCargo {
  return cargo.source !== undefined && cargo.end === undefined;
}
