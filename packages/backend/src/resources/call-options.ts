import type { CallOptions } from '../http/transport.js';

/** What every call that sends content takes. */
export interface SendOptions extends CallOptions {
  /** Told how many bytes have been handed to the network, from the beginning; it starts again when a try failed. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  /** Without a sign of life for so long a request is given up, in milliseconds. Default 300 s. */
  readonly readTimeoutMs?: number | undefined;
}
