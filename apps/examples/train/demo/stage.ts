import type { BackendClient } from '@synapse-steps/backend';

/** Where the stories take place. */
export interface Stage {
  readonly client: BackendClient;
  /** The backend's address and token, for what the client has no call for. */
  readonly host: string;
  readonly token: string;
  /** A temporary folder: pictures, weights and data sets on this machine. */
  readonly folder: string;
  /** The storage's folder, in which the pictures are. */
  readonly pictures: string;
  /** The backend's own folder. */
  readonly dir: string;
  /** Ids of the storage and of the collection that the seed file made. */
  readonly storage: number;
  readonly dataCollection: number;
}
