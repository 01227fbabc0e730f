import { checkParams, type JsonObject, type ParamProblem, didYouMean } from '@synapse-steps/core';
import type { WorkflowFile } from '../file/read-workflow-file.js';
import { WorkflowError, type WorkflowProblem } from '../workflow-error.js';
import { describeSchema, paramProblems } from './check-params.js';
import { knownKeys } from './unknown-keys.js';

/**
 * The params of a run: those of the file, and over them those that were given when it was started, checked by `schema`.
 *
 * @throws WorkflowError that names each param that is not right, and where its value comes from.
 */
export async function resolveParams(file: WorkflowFile, given: JsonObject, schema: unknown): Promise<JsonObject> {
  refuseUnknown(file, given, schema);
  const params = { ...file.definition.params, ...given };
  try {
    return await checkParams(schema, params, 'The params');
  } catch (error) {
    throw new WorkflowError(paramProblems(error).map((problem) => paramProblem(file, problem, { given, params })));
  }
}

/** A slip in a name must not leave the default in place unnoticed. */
function refuseUnknown(file: WorkflowFile, given: JsonObject, schema: unknown): void {
  const known = knownParams(file, schema);
  const unknown = known ? Object.keys(given).filter((name) => !known.includes(name)) : [];
  if (known === undefined || unknown.length === 0) return;
  const list = known.map((name) => `'${name}'`).join(', ') || 'none';
  throw new WorkflowError(
    unknown.map((name) => ({
      file: file.file,
      message: `there is no param '${name}'. ${didYouMean(name, known)}The workflow has: ${list}. ${DECLARE}`,
    })),
  );
}

const DECLARE = "To have another one, declare it under 'params:' in the file, or in the context class's params.";

/** The names that the file or the context class declares; undefined where the class takes any, or cannot say. */
function knownParams(file: WorkflowFile, schema: unknown): string[] | undefined {
  const inFile = Object.keys(file.definition.params ?? {});
  if (schema === undefined) return inFile;
  const described = describeSchema(schema);
  const known = described && knownKeys(described);
  return known && [...new Set([...inFile, ...known])];
}

interface Sources {
  readonly given: JsonObject;
  readonly params: JsonObject;
}

function paramProblem(
  file: WorkflowFile,
  { path, message }: ParamProblem,
  { given, params }: Sources,
): WorkflowProblem {
  const [name] = path;
  if (name === undefined || Object.hasOwn(given, name) || !Object.hasOwn(params, name)) {
    return { file: file.file, message: givenParamProblem({ path, message }, given) };
  }
  return {
    file: file.file,
    ...file.source.positionOfValue(['params', ...path]),
    message: `the param '${path.join('.')}' is ${valueText(params, path)}: ${message}.`,
  };
}

/** What is wrong with a param that whoever started the run gave, or did not give. */
export function givenParamProblem({ path, message }: ParamProblem, given: JsonObject): string {
  const [name] = path;
  if (name === undefined) return `the params are not right: ${message}.`;
  const shown = path.join('.');
  if (!Object.hasOwn(given, name)) return `the param '${shown}' is missing: ${message}. Give it a value.`;
  return `the param '${shown}' was given ${valueText(given, path)}: ${message}. Give another value.`;
}

function valueText(params: JsonObject, path: readonly string[]): string {
  let value: unknown = params;
  for (const segment of path) value = (value as Record<string, unknown> | undefined)?.[segment];
  const text = JSON.stringify(value) ?? 'no value';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
