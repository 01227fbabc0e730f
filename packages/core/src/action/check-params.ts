import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { copyJsonObject, type JsonObject } from '../json/json-value.js';

/** One thing that is not as its schema says. */
export interface ParamProblem {
  /** Where in the value; empty when the whole of it is meant. */
  readonly path: readonly string[];
  /** What was expected, and what was found. */
  readonly message: string;
  /** A stable word for the kind of problem, where the schema gives one. */
  readonly code?: string | undefined;
}

/** Thrown for params that do not fit their schema; the message lists all that is wrong with them. */
export class InvalidParamsError extends SynapseStepsError {
  readonly problems: readonly ParamProblem[];

  constructor(problems: readonly ParamProblem[], what = 'The params') {
    super({
      code: 'invalid_params',
      message: `${what} are not right:\n${problemLines(problems)}`,
      details: { problems: copyJsonObject({ problems }, 'problems')['problems'] ?? [] },
      retryable: false,
    });
    this.problems = problems;
  }

  static override is(value: unknown): value is InvalidParamsError {
    return SynapseStepsError.is(value) && value.code === 'invalid_params';
  }
}

/** One line for each problem, such as `epochs: Invalid input: expected number, received string`. */
export function problemLines(problems: readonly ParamProblem[]): string {
  return problems.map(({ path, message }) => `  ${path.length > 0 ? `${path.join('.')}: ` : ''}${message}`).join('\n');
}

/** Any schema that speaks the Standard Schema interface; zod's do, in every copy and version from 3.24. */
interface StandardSchema {
  readonly '~standard': { validate(value: unknown): Validated | Promise<Validated> };
}

type Validated = { readonly value: unknown; readonly issues?: undefined } | { readonly issues: readonly Issue[] };

interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  // What zod adds; `params` is what a check of one's own says about itself.
  readonly code?: unknown;
  readonly params?: { readonly code?: unknown } | undefined;
}

/** Whether something is a schema that values can be checked by. */
export function isSchema(value: unknown): value is StandardSchema {
  return (typeof value === 'object' || typeof value === 'function') && value !== null && '~standard' in value;
}

/** A value as its schema makes it, or all that is wrong with it. */
export async function validate(
  schema: StandardSchema,
  value: unknown,
): Promise<{ readonly value?: unknown; readonly problems: readonly ParamProblem[] }> {
  const result = await schema['~standard'].validate(value);
  return result.issues ? { problems: result.issues.map(toProblem) } : { value: result.value, problems: [] };
}

function toProblem({ message, path = [], code, params }: Issue): ParamProblem {
  const kind = params?.code ?? code;
  return {
    path: path.map((segment) => String(typeof segment === 'object' ? segment.key : segment)),
    message,
    ...(typeof kind === 'string' && { code: kind }),
  };
}

/**
 * Params as their schema makes them, with defaults filled in, as JSON; as they are where there is no schema.
 *
 * @param what Whose params, for messages: `The params of Trainer`.
 * @throws InvalidParamsError when they do not fit, UnserialisableValueError when the schema makes something of them that is
 * no JSON.
 */
export async function checkParams(schema: unknown, params: unknown, what?: string): Promise<JsonObject> {
  if (!isSchema(schema)) return copyJsonObject(params, what ?? 'The params');
  const { value, problems } = await validate(schema, params);
  if (problems.length > 0) throw new InvalidParamsError(problems, what);
  return copyJsonObject(value, what ?? 'The params');
}
