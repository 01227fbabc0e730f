import {
  copyJsonObject,
  errorMessage,
  InvalidParamsError,
  isSchema,
  type JsonObject,
  type ParamProblem,
} from '@synapse-steps/core';
import { z } from 'zod';

/** What is wrong with params, by what checking them threw. */
export function paramProblems(error: unknown): readonly ParamProblem[] {
  return InvalidParamsError.is(error) ? error.problems : [{ path: [], message: errorMessage(error) }];
}

/** A schema of a class, as JSON schema, for people to read; undefined where that cannot be said. */
export function describeSchema(schema: unknown): JsonObject | undefined {
  if (!isSchema(schema)) return undefined;
  try {
    return copyJsonObject(
      z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' }),
      'schema',
    );
  } catch {
    return undefined; // a schema of another library or of zod 3 still checks, it just cannot be shown
  }
}
