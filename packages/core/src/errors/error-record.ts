import { z } from 'zod';

import type { JsonObject } from '../json/json-value.js';
import { SynapseStepsError } from './synapse-steps-error.js';

/** An error as JSON: what events, reports and journals hold. `cause` is the next error of the chain. */
export interface ErrorRecord {
  name: string;
  code: string;
  message: string;
  cause?: ErrorRecord | undefined;
  stack?: string | undefined;
  details?: JsonObject | undefined;
}

export const errorRecordSchema: z.ZodType<ErrorRecord> = z
  .object({
    name: z.string(),
    code: z.string(),
    message: z.string(),
    get cause() {
      return errorRecordSchema.optional();
    },
    stack: z.string().optional(),
    details: z.record(z.string(), z.json()).optional(),
  })
  .meta({ id: 'ErrorRecord' });

/** How many causes of a chain are kept; a longer chain (or a cycle) is cut there. */
const MAX_CAUSES = 8;

/** Any thrown thing, an `Error` or not, as JSON. Never throws, not even for an error whose getters do. */
export function toErrorRecord(thrown: unknown): ErrorRecord {
  return record(thrown, MAX_CAUSES);
}

/** The message of any thrown thing: for a non-Error, its text. */
export function errorMessage(thrown: unknown): string {
  return guarded(
    () => (isError(thrown) ? String(thrown.message) : `${String(thrown)} was thrown`),
    'an unreadable error',
  );
}

/** The thrown thing itself, unless it cannot even be looked at (a revoked proxy): then an error that says so. */
export function readableError(thrown: unknown): unknown {
  return guarded(() => {
    void (thrown instanceof Error);
    return thrown;
  }, new Error('something was thrown that cannot be read'));
}

function record(thrown: unknown, depth: number): ErrorRecord {
  if (!isError(thrown)) return { name: 'NonError', code: 'thrown_value', message: errorMessage(thrown) };
  const cause: unknown = guarded(() => thrown.cause, undefined);
  const stack = guarded(() => thrown.stack, undefined);
  const details = SynapseStepsError.is(thrown) ? thrown.details : undefined;
  return {
    name: guarded(() => String(thrown.name), 'Error'),
    code: guarded(() => codeOf(thrown), 'error'),
    message: errorMessage(thrown),
    ...(cause !== undefined && cause !== null && depth > 0 && { cause: record(cause, depth - 1) }),
    ...(typeof stack === 'string' && { stack }),
    ...(details && { details }),
  };
}

function codeOf(thrown: Error): string {
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : 'error';
}

function isError(value: unknown): value is Error {
  return guarded(
    () =>
      value instanceof Error || (typeof value === 'object' && value !== null && 'message' in value && 'name' in value),
    false,
  );
}

function guarded<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise; // a getter of somebody else's error threw: what can be read of it is still reported
  }
}
