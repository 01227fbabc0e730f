import { join } from 'node:path';
import type { BackendClient } from '@synapse-steps/backend';
import type { Digit } from '../pictures/read-digits.js';

/** Where the stories take place. */
export interface Stage {
  readonly client: BackendClient;
  readonly digits: readonly Digit[];
  /** The storage's folder, in which the pictures are. */
  readonly pictures: string;
  /** The backend's own folder. */
  readonly dir: string;
  /** Ids of the storage and of the collection that the seed file made. */
  readonly storage: number;
  readonly dataCollection: number;
}

/** How many pictures each story is about. */
export const counts = { first: 300, more: 100, added: 20 } as const;

/** A folder of pictures, below the storage's. */
export function folderOf({ pictures }: Stage, name: string): string {
  return join(pictures, name);
}
