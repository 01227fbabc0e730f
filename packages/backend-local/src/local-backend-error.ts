import { SynapseStepsError } from '@synapse-steps/core';

/** The embedded backend could not be opened or seeded; the message says what, where and what to do next. */
export class LocalBackendError extends SynapseStepsError {
  constructor(code: LocalBackendErrorCode, message: string, options: { readonly cause?: unknown } = {}) {
    super({ code, message, retryable: code === 'folder_in_use', ...options });
  }
}

/** Why: the folder has an owner · it is no folder of a backend · the port is taken · the seed file is wrong · the token is empty. */
export type LocalBackendErrorCode =
  | 'folder_in_use'
  | 'folder_unusable'
  | 'port_in_use'
  | 'seed_invalid'
  | 'token_empty';
