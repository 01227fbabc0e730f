import type { JsonObject } from '../json/json-value.js';

const BRAND = Symbol.for('synapse-steps.error');

export interface SynapseStepsErrorOptions {
  /** A stable snake_case word that code can switch on. */
  readonly code: string;
  /** What, where, and what to do next. */
  readonly message: string;
  readonly cause?: unknown;
  /** Facts for machines, JSON only. */
  readonly details?: JsonObject;
  /** True when nobody knows whether the effect happened (a lost process); the step's status is then `unknown`. */
  readonly outcomeUnknown?: boolean;
  /** False when doing the same again cannot help or must not happen; `RetryStep` heeds it. Default true. */
  readonly retryable?: boolean;
}

/**
 * The base of every error that these packages throw. Use {@link SynapseStepsError.is} rather than `instanceof`: a global
 * command and a project may each have a copy of this class.
 */
export class SynapseStepsError extends Error {
  readonly code: string;
  readonly details: JsonObject | undefined;
  readonly outcomeUnknown: boolean;
  readonly retryable: boolean;
  readonly [BRAND] = true;

  constructor(options: SynapseStepsErrorOptions) {
    super(options.message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = new.target.name;
    this.code = options.code;
    this.details = options.details;
    this.outcomeUnknown = options.outcomeUnknown ?? false;
    this.retryable = options.retryable ?? true;
  }

  static is(value: unknown): value is SynapseStepsError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}
