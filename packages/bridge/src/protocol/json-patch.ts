import { z } from 'zod';

/** Segments that reach a JavaScript object's prototype: refused in every pointer. */
export const FORBIDDEN_POINTER_SEGMENTS: readonly string[] = ['__proto__', 'constructor', 'prototype'];

/**
 * A JSON pointer (RFC 6901) to a place inside the context: never the context itself, never a prototype. The pattern
 * says the same thing as the check in words that JSON Schema can carry.
 */
export const jsonPointerSchema = z
  .string()
  .regex(/^(?!(?:.*\/)?(?:__proto__|constructor|prototype)(?:\/|$))(?:\/(?:[^/~]|~[01])*)+$/su, {
    error: 'must be a JSON pointer like /field/0 that names no prototype',
  })
  .meta({ id: 'JsonPointer' });

const addSchema = z.looseObject({ op: z.literal('add'), path: jsonPointerSchema, value: z.unknown() });
const replaceSchema = z.looseObject({ op: z.literal('replace'), path: jsonPointerSchema, value: z.unknown() });
const removeSchema = z.looseObject({ op: z.literal('remove'), path: jsonPointerSchema });

/** One RFC 6902 operation; `move`, `copy` and `test` are left out on purpose (amplification). */
export const patchOperationSchema = z
  .discriminatedUnion('op', [addSchema, replaceSchema, removeSchema])
  .meta({ id: 'PatchOperation' });

/** One RFC 6902 operation: `add`, `replace` or `remove`. */
export type PatchOperation = z.infer<typeof patchOperationSchema>;

/** A list of RFC 6902 operations, applied in order and as one. */
export const patchSchema = z.array(patchOperationSchema).meta({ id: 'Patch' });
