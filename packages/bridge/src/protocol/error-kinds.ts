/**
 * Every error of the bridge has a `kind`. Kinds that a plugin sends have a number on the wire; kinds that the host makes
 * have an `H` code and never appear on the wire, so that a plugin cannot claim that its own process died.
 */

/** Whether the same call may be made again: never, with the same input, or after a pause that the error names. */
export type Retryable = 'never' | 'same_input' | 'after_ms';

interface KindEntry<TCode> {
  readonly code: TCode;
  readonly retryable: Retryable;
}

/** Kinds that travel from plugin to host, with their wire codes. */
export const WIRE_ERROR_KINDS = {
  parse_error: { code: -32700, retryable: 'never' },
  invalid_request: { code: -32600, retryable: 'never' },
  method_not_found: { code: -32601, retryable: 'never' },
  invalid_message: { code: -32602, retryable: 'never' },
  internal_error: { code: -32603, retryable: 'never' },
  step_failed: { code: 1000, retryable: 'never' },
  invalid_params: { code: 1001, retryable: 'never' },
  precondition_failed: { code: 1002, retryable: 'never' },
  cancelled: { code: 1003, retryable: 'same_input' },
  deadline_exceeded: { code: 1004, retryable: 'same_input' },
  resource_exhausted: { code: 1005, retryable: 'same_input' },
  unavailable: { code: 1006, retryable: 'after_ms' },
  rollback_impossible: { code: 1007, retryable: 'never' },
  context_conflict: { code: 1008, retryable: 'never' },
  context_base_missing: { code: 1009, retryable: 'same_input' },
  unserialisable_value: { code: 1010, retryable: 'never' },
  version_mismatch: { code: 1011, retryable: 'never' },
  file_unusable: { code: 1012, retryable: 'never' },
} as const satisfies Record<string, KindEntry<number>>;

/** Kinds that only the host makes. */
export const HOST_ERROR_KINDS = {
  spawn_failed: { code: 'H101', retryable: 'never' },
  not_a_plugin: { code: 'H102', retryable: 'never' },
  handshake_timeout: { code: 'H104', retryable: 'same_input' },
  unknown_step: { code: 'H105', retryable: 'never' },
  exited: { code: 'H201', retryable: 'same_input' },
  signalled: { code: 'H202', retryable: 'same_input' },
  hung: { code: 'H204', retryable: 'same_input' },
  timeout: { code: 'H205', retryable: 'same_input' },
  killed_after_cancel: { code: 'H206', retryable: 'same_input' },
  collateral: { code: 'H207', retryable: 'same_input' },
  frame_too_large: { code: 'H301', retryable: 'never' },
  malformed_flood: { code: 'H302', retryable: 'never' },
  protocol_violation: { code: 'H303', retryable: 'never' },
  write_failed: { code: 'H304', retryable: 'never' },
  queue_full: { code: 'H305', retryable: 'never' },
  bad_file: { code: 'H306', retryable: 'never' },
  exchange_failed: { code: 'H307', retryable: 'same_input' },
  restart_budget_exhausted: { code: 'H401', retryable: 'never' },
  session_closed: { code: 'H402', retryable: 'never' },
} as const satisfies Record<string, KindEntry<string>>;

/** A kind that a plugin may send. */
export type WireErrorKind = keyof typeof WIRE_ERROR_KINDS;
/** A kind that only the host makes. */
export type HostErrorKind = keyof typeof HOST_ERROR_KINDS;
/** Any kind of error that the bridge knows. */
export type ErrorKind = WireErrorKind | HostErrorKind;

/** The wire code of a kind. */
export function wireErrorCode(kind: WireErrorKind): number {
  return WIRE_ERROR_KINDS[kind].code;
}

/** The kind that belongs to a wire code, or `undefined` for a code that nobody defined. */
export function wireErrorKind(code: number): WireErrorKind | undefined {
  for (const [kind, entry] of Object.entries(WIRE_ERROR_KINDS)) {
    if (entry.code === code) return kind as WireErrorKind;
  }
  return undefined;
}

/** Whether `kind` is one of the kinds that may travel on the wire. */
export function isWireErrorKind(kind: string): kind is WireErrorKind {
  return Object.hasOwn(WIRE_ERROR_KINDS, kind);
}

/** Whether a call that failed with `kind` may be made again. Unknown kinds are never retried. */
export function retryableOf(kind: string): Retryable {
  if (isWireErrorKind(kind)) return WIRE_ERROR_KINDS[kind].retryable;
  if (Object.hasOwn(HOST_ERROR_KINDS, kind)) return HOST_ERROR_KINDS[kind as HostErrorKind].retryable;
  return 'never';
}
