import { SynapseStepsError, type JsonObject } from '@synapse-steps/core';

const BRAND = Symbol.for('synapse-steps.backend-error');

/** What went wrong, as a word that code can switch on. */
export type BackendErrorCode =
  /** 4xx: the backend did not want it. */
  | 'backend_refused'
  /** 5xx. */
  | 'backend_failed'
  /** No connection came about; the request was never sent. */
  | 'backend_unreachable'
  /** A request that changes nothing, or may be repeated, got no answer or half of one, however often it was sent. */
  | 'backend_no_answer'
  /** A request that stores something was sent, its answer was lost, and nobody can tell whether it was carried out. */
  | 'backend_outcome_unknown'
  /** The answer is not what the API promises: HTML, cut off, other fields. */
  | 'backend_answer_invalid'
  /** The object store behind a presigned address did not want it. */
  | 'storage_refused'
  /** Host or token are missing, or the file that should hold them cannot be read. */
  | 'backend_not_configured'
  /** A file that is to be sent is not there, or changed while it was sent. */
  | 'file_not_readable'
  | 'file_changed';

export interface BackendErrorOptions {
  readonly code: BackendErrorCode;
  readonly message: string;
  readonly method?: string;
  /** Without query: that of a presigned address is a secret. */
  readonly path?: string;
  readonly status?: number;
  /** The backend's own words: parsed JSON, or the beginning of a text. */
  readonly detail?: unknown;
  /** What the server asked to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  readonly retryable?: boolean;
  readonly cause?: unknown;
}

/** What every call of this package rejects with (apart from the reason of an abort). It never contains a token. */
export class BackendError extends SynapseStepsError {
  declare readonly code: BackendErrorCode;
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly status: number | undefined;
  readonly detail: unknown;
  readonly retryAfterMs: number | undefined;
  readonly [BRAND] = true;

  constructor(options: BackendErrorOptions) {
    super({
      code: options.code,
      message: options.message,
      outcomeUnknown: options.code === 'backend_outcome_unknown',
      retryable: options.retryable ?? false,
      details: factsOf(options),
      ...('cause' in options && { cause: options.cause }),
    });
    this.method = options.method;
    this.path = options.path;
    this.status = options.status;
    this.detail = options.detail;
    this.retryAfterMs = options.retryAfterMs;
  }

  static override is(value: unknown): value is BackendError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

function factsOf({ method, path, status }: BackendErrorOptions): JsonObject {
  return {
    ...(method !== undefined && { method }),
    ...(path !== undefined && { path }),
    ...(status !== undefined && { status }),
  };
}
