import { SynapseStepsError, type JsonObject, type ParamProblem } from '@synapse-steps/core';
import type { AnySchemaObject, ErrorObject, ValidateFunction } from 'ajv';

/**
 * Checks params by the JSON schema that a plugin sent with a step: draft 2020-12, or draft 7 where it says so. Formats and
 * unknown keywords are left to the plugin.
 *
 * @returns What is not right; empty when all is.
 * @throws SynapseStepsError when the schema itself is none.
 */
export async function checkByPluginSchema(jsonSchema: JsonObject, params: JsonObject): Promise<ParamProblem[]> {
  const validate = await compile(jsonSchema);
  if (validate(params)) return [];
  return (validate.errors ?? []).map(toProblem);
}

async function compile(jsonSchema: JsonObject): Promise<ValidateFunction> {
  const options = { strict: false, allErrors: true, validateFormats: false } as const;
  const isDraft7 = typeof jsonSchema['$schema'] === 'string' && jsonSchema['$schema'].includes('draft-07');
  // Loaded only when a plugin asks for it: it is the largest thing in here.
  const ajv = isDraft7
    ? new (await import('ajv')).Ajv(options)
    : new (await import('ajv/dist/2020.js')).Ajv2020(options);
  try {
    return ajv.compile(jsonSchema as AnySchemaObject);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const message = `the plugin describes the params of the step by a JSON schema that cannot be used: ${text}`;
    throw new SynapseStepsError({ code: 'invalid_step_params_schema', message, cause: error });
  }
}

function toProblem(error: ErrorObject): ParamProblem {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  const { missingProperty, additionalProperty, allowedValues } = error.params as Record<string, unknown>;
  if (typeof missingProperty === 'string') return { path: [...path, missingProperty], message: 'it is missing' };
  if (typeof additionalProperty === 'string')
    return { path: [...path, additionalProperty], message: 'the step does not know it' };
  const allowed = Array.isArray(allowedValues)
    ? `: ${allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    : '';
  return { path, message: `it ${error.message ?? 'is not as it must be'}${allowed}` };
}

function unescapePointer(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}
