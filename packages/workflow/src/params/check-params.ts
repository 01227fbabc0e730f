import { copyJsonObject, type JsonObject } from '@synapse-steps/core';
import { z } from 'zod';

/** One param that is not as it must be. */
export interface ParamProblem {
  /** Where in the params; empty when they are meant as a whole. */
  readonly path: readonly string[];
  readonly message: string;
}

/** Thrown by {@link checkParams}. */
export class InvalidParamsError extends Error {
  constructor(readonly problems: readonly ParamProblem[]) {
    super(problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'));
  }
}

/** Any schema that speaks the Standard Schema interface; zod's do, in every copy and version from 3.24. */
interface ParamSchema {
  readonly '~standard': {
    validate(value: unknown): SchemaResult | Promise<SchemaResult>;
  };
}

type SchemaResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly PathSegment[] | undefined }[] };

type PathSegment = PropertyKey | { readonly key: PropertyKey };

/**
 * Checks params by a schema: gives them back with defaults filled in and types revived, as JSON.
 *
 * @throws InvalidParamsError when they do not fit, UnserialisableValueError when the schema makes something of them that is
 * no JSON.
 */
export async function checkParams(schema: unknown, params: JsonObject, what: string): Promise<JsonObject> {
  if (!isParamSchema(schema)) return params;
  const result = await schema['~standard'].validate(params);
  if (result.issues) {
    const problems = result.issues.map(({ message, path = [] }) => ({ path: path.map(segmentText), message }));
    throw new InvalidParamsError(problems);
  }
  return copyJsonObject(result.value, what);
}

function isParamSchema(value: unknown): value is ParamSchema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}

function segmentText(segment: PathSegment): string {
  return String(typeof segment === 'object' ? segment.key : segment);
}

/** A schema of a class, as JSON schema, for people to read; undefined where that cannot be said. */
export function describeSchema(schema: unknown): JsonObject | undefined {
  if (!isParamSchema(schema)) return undefined;
  try {
    return copyJsonObject(
      z.toJSONSchema(schema as unknown as z.ZodType, { io: 'input', unrepresentable: 'any' }),
      'schema',
    );
  } catch {
    return undefined; // a schema of another library or of zod 3 still checks, it just cannot be shown
  }
}
