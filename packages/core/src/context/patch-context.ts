import { z } from 'zod';

import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import { applyPatch, parsePointer, type PatchOperation, type PatchRoot } from '../json/json-patch.js';
import { decodeJson, encodeJson } from '../json/json-value.js';
import type { BaseStepContext } from './base-step-context.js';
import { CHANGES } from './changes-key.js';
import { STEP_CALL } from './step-call.js';

/** Thrown when a change does not fit the context; the message names the field. Nothing has been changed then. */
export class InvalidContextFieldError extends SynapseStepsError {
  constructor(field: string, problem: string, options: { readonly cause?: unknown } = {}) {
    super({
      code: 'invalid_context_field',
      message: `The context's field '${field}' cannot take that value: ${problem}`,
      details: { field },
      ...options,
    });
  }
}

/** Applies operations to a context's fields, all or nothing, and gives what they changed its types back by `static state`. */
export function patchContext(context: BaseStepContext, operations: readonly PatchOperation[]): void {
  const touched = new Set(operations.map((operation) => parsePointer(operation)[0] ?? ''));
  context[CHANGES]?.look(touched); // what others changed there before must not pass as part of this
  const fields = fieldsOf(context);
  const takeBack = applyPatch(fields, operations);
  try {
    const { state } = context.constructor as typeof BaseStepContext;
    const revived = state === undefined ? NONE : reviveFields(fields, state, touched);
    context[CHANGES]?.applied(operations, { revived, by: context[STEP_CALL]?.step });
  } catch (error) {
    takeBack();
    throw error;
  }
}

const NONE: ReadonlySet<string> = new Set();

type Fields = PatchRoot & { assign(field: string, value: unknown): void };

function fieldsOf(context: BaseStepContext): Fields {
  const fields = context as unknown as Record<string, unknown>;
  const { transient } = context.constructor as typeof BaseStepContext;
  const changesOf = (field: string) => (transient.includes(field) ? undefined : context[CHANGES]);
  const assign = (field: string, value: unknown): void => {
    if (!Object.hasOwn(fields, field) && field in fields) {
      throw new InvalidContextFieldError(field, 'the name belongs to the context itself.');
    }
    const changes = changesOf(field);
    if (changes) changes.put(field, value);
    else fields[field] = value;
  };
  return {
    has: (field) => Object.hasOwn(fields, field),
    get: (field) => changesOf(field)?.peek(field) ?? fields[field],
    set: assign,
    assign,
    remove: (field) => {
      const changes = changesOf(field);
      if (changes) changes.drop(field);
      else delete fields[field];
    },
  };
}

/** Returns the fields that have a type, and so may be another value now than the one that was told. */
function reviveFields(
  fields: Fields,
  state: z.ZodObject<Record<string, z.ZodType>>,
  touched: ReadonlySet<string>,
): ReadonlySet<string> {
  const revived = [...touched].flatMap((field) => {
    const schema = state.shape[field];
    if (schema === undefined) return [];
    const value = fields.has(field) ? plainCopy(field, fields.get(field)) : undefined;
    const parsed = z.safeParse(schema, value);
    if (!parsed.success) {
      throw new InvalidContextFieldError(field, z.prettifyError(parsed.error), { cause: parsed.error });
    }
    return [[field, parsed.data] as const];
  });
  for (const [field, value] of revived) if (value !== undefined) fields.assign(field, value);
  return new Set(revived.map(([field]) => field));
}

/** What a schema gets to see: JSON values, `bigint`s and bytes, however the field holds them. */
function plainCopy(field: string, value: unknown): unknown {
  const what = `The context's field '${field}'`;
  return decodeJson(encodeJson(value, what), what);
}
