import { z } from 'zod';
import * as protocol from '../../src/protocol/index.js';

const { HOST_NOTIFICATIONS, PLUGIN_NOTIFICATIONS, REQUESTS } = protocol;

/** A JSON Schema, or a part of one. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * The whole protocol as one JSON Schema: a definition for each message, and the two that take a line as it stands on the
 * wire, `HostMessage` and `PluginMessage`. An answer does not name its method, so the shape of its result is a definition
 * of its own, such as `ExecuteResult`.
 */
export function protocolJsonSchema(): JsonSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'The step protocol, version 1',
    description: 'One line of the wire. The rules that no schema can hold are in PROTOCOL.md.',
    anyOf: [reference('HostMessage'), reference('PluginMessage')],
    $defs: {
      HostMessage: messageOf(['Request', 'Notification'], {
        ...mapValues(REQUESTS, ({ params }) => params),
        ...HOST_NOTIFICATIONS,
      }),
      PluginMessage: messageOf(['Result', 'Error', 'Notification'], PLUGIN_NOTIFICATIONS),
      ...definitions(),
    },
  };
}

/** Every exported schema that has a name of its own. */
function definitions(): JsonSchema {
  const registry = z.registry<{ id: string }>();
  for (const value of Object.values(protocol)) {
    const id = value instanceof z.ZodType ? idOf(value) : undefined;
    if (id !== undefined) registry.add(value as z.ZodType, { id });
  }
  const { schemas } = z.toJSONSchema(registry, { io: 'input', uri: (id) => `#/$defs/${id}` });
  return mapValues(schemas, (schema) => {
    const { $schema: _schema, $id: _id, ...rest } = schema as JsonSchema;
    return rest;
  });
}

/** One of the shapes, with params that fit its method where the method is one that this version knows. */
function messageOf(shapes: readonly string[], methods: Readonly<Record<string, z.ZodType>>): JsonSchema {
  return {
    anyOf: shapes.map((shape) => ({ ...reference(shape), not: { anyOf: FOREIGN[shape]?.map(having) } })),
    allOf: Object.entries(methods).map(([method, params]) => ({
      if: { properties: { method: { const: method } }, required: ['method'] },
      then: { properties: { params: reference(idOf(params) ?? '') } },
    })),
  };
}

/** What makes a line another shape, or none. */
const FOREIGN: Readonly<Record<string, readonly string[]>> = {
  Request: ['result', 'error'],
  Notification: ['id', 'result', 'error'],
  Result: ['error', 'method'],
  Error: ['result', 'method'],
};

function having(name: string): JsonSchema {
  return { required: [name] };
}

function idOf(schema: z.ZodType): string | undefined {
  return z.globalRegistry.get(schema)?.id;
}

function reference(id: string): JsonSchema {
  return { $ref: `#/$defs/${id}` };
}

function mapValues<TValue, TResult>(
  record: Readonly<Record<string, TValue>>,
  map: (value: TValue) => TResult,
): Record<string, TResult> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
