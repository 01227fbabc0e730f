import { z } from 'zod';
import { patchSchema } from './json-patch.js';

/**
 * The envelope: a JSON-RPC 2.0 subset. Only the host sends requests, ids are integers that it never reuses within a
 * process, params are named, and there are no batches. Everything that is not one of these four shapes is a stray line.
 */

const version = z.literal('2.0');
/** The id of a request: an integer from 1 that the host assigns. */
export const requestIdSchema = z.int().min(1);
/** An object of named values, as it stands on the wire. */
export const jsonObjectSchema = z.record(z.string(), z.unknown());
/** An object of named values, as it stands on the wire. */
export type JsonObject = z.infer<typeof jsonObjectSchema>;

/** A request of the host. */
export const requestFrameSchema = z
  .looseObject({
    jsonrpc: version,
    id: requestIdSchema,
    method: z.string().min(1),
    params: jsonObjectSchema.optional(),
  })
  .meta({ id: 'Request' });

/** A message that wants no answer; its params name the request that it belongs to. */
export const notificationFrameSchema = z
  .looseObject({ jsonrpc: version, method: z.string().min(1), params: jsonObjectSchema.optional() })
  .meta({ id: 'Notification' });

/** An answer that holds a result. */
export const resultFrameSchema = z
  .looseObject({ jsonrpc: version, id: requestIdSchema, result: jsonObjectSchema })
  .meta({ id: 'Result' });

/** One link of a chain of causes. */
export const errorCauseSchema = z
  .looseObject({ name: z.string(), message: z.string(), stack: z.array(z.string()).default([]) })
  .meta({ id: 'ErrorCause' });

/**
 * What an error answer says: code, message, and in `data` the kind and the chain of causes. What is wrong in `data` is left
 * out: the error itself matters more than its explanation.
 */
export const wireErrorSchema = z
  .looseObject({
    code: z.int(),
    message: z.string(),
    data: z
      .looseObject({
        kind: z.string().optional().catch(undefined),
        cause: z.array(errorCauseSchema).default([]).catch([]),
        hint: z.string().optional().catch(undefined),
        pointer: z.string().optional().catch(undefined),
        retry_after_ms: z.number().min(0).optional().catch(undefined),
        /** What a cancelled step had changed in the context. */
        patch: patchSchema.optional().catch(undefined),
      })
      .nullish()
      .catch(undefined),
  })
  .meta({ id: 'WireError' });

/** What an error answer says. */
export type WireError = z.infer<typeof wireErrorSchema>;

/** An answer that holds an error; `id` is null when the request could not be read. */
export const errorFrameSchema = z
  .looseObject({ jsonrpc: version, id: requestIdSchema.nullable(), error: wireErrorSchema })
  .meta({ id: 'Error' });

export type RequestFrame = z.infer<typeof requestFrameSchema>;
export type NotificationFrame = z.infer<typeof notificationFrameSchema>;
export type ResultFrame = z.infer<typeof resultFrameSchema>;
export type ErrorFrame = z.infer<typeof errorFrameSchema>;

/** A frame of either direction, with the shape that it was recognised by. */
export type Frame =
  | { readonly kind: 'request'; readonly frame: RequestFrame }
  | { readonly kind: 'notification'; readonly frame: NotificationFrame }
  | { readonly kind: 'result'; readonly frame: ResultFrame }
  | { readonly kind: 'error'; readonly frame: ErrorFrame };

/** Recognises a parsed JSON value as a frame; `undefined` when it is none. */
export function toFrame(value: unknown): Frame | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  switch (shapeOf(value)) {
    case 'request':
      return isRequestFrame(value) ? { kind: 'request', frame: value } : undefined;
    case 'notification':
      return isNotificationFrame(value) ? { kind: 'notification', frame: value } : undefined;
    case 'result':
      return isResultFrame(value) ? { kind: 'result', frame: value } : undefined;
    case 'error':
      return errorFrame(value);
    default:
      return undefined;
  }
}

type FrameKind = Frame['kind'];

function shapeOf(value: object): FrameKind | undefined {
  const isAnswer = 'result' in value || 'error' in value;
  if ('method' in value) {
    if (isAnswer) return undefined;
    return 'id' in value ? 'request' : 'notification';
  }
  if (!('id' in value) || ('result' in value && 'error' in value)) return undefined;
  if ('result' in value) return 'result';
  return 'error' in value ? 'error' : undefined;
}

/**
 * Whether a parsed JSON value is what the schema of the same name says. By hand, because each frame of each call comes
 * through here, and a schema would copy it; a test holds the two together.
 */
function isRequestFrame(value: object): value is RequestFrame {
  return isNotificationFrame(value) && hasRequestId(value);
}

function isNotificationFrame(value: object): value is NotificationFrame {
  const { jsonrpc, method, params = {} } = value as Record<string, unknown>;
  return jsonrpc === '2.0' && typeof method === 'string' && method !== '' && isObject(params);
}

function isResultFrame(value: object): value is ResultFrame {
  const { jsonrpc, result } = value as Record<string, unknown>;
  return jsonrpc === '2.0' && isObject(result) && hasRequestId(value);
}

function hasRequestId(value: object): boolean {
  const { id } = value as Record<string, unknown>;
  return Number.isSafeInteger(id) && (id as number) >= 1;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function errorFrame(value: object): Frame | undefined {
  const { data } = errorFrameSchema.safeParse(value);
  return data && { kind: 'error', frame: data };
}
