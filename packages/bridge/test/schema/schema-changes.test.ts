import { describe, expect, it } from 'vitest';
import { schemaChanges } from './schema-changes.js';

/** The part of a message that says how the params of one method look. */
function branch(method: string, definition: string) {
  return {
    if: { properties: { method: { const: method } }, required: ['method'] },
    then: { properties: { params: { $ref: `#/$defs/${definition}` } } },
  };
}

const released = {
  $defs: {
    Progress: {
      type: 'object',
      properties: {
        id: { type: 'integer', minimum: 1 },
        level: { type: 'string', enum: ['info', 'error'] },
        title: { type: ['string', 'null'], default: null },
        parts: { anyOf: [{ $ref: '#/$defs/Part' }, { type: 'null' }] },
      },
      required: ['id'],
    },
    Part: { type: 'string' },
    PluginMessage: { allOf: [branch('progress', 'Progress')] },
  },
};

/** The released schema with one of its definitions, or a part of it, replaced. */
function changed(change: (schema: typeof released & { $defs: Record<string, unknown> }) => void): unknown {
  const copy = structuredClone(released) as typeof released & { $defs: Record<string, unknown> };
  change(copy);
  return schemaChanges(released, copy);
}

describe('breaks what is released', () => {
  it('a required field that is new', () => {
    expect(
      changed(({ $defs }) => {
        Object.assign($defs.Progress.properties, { step: { type: 'string' } });
        $defs.Progress.required.push('step');
      }),
    ).toEqual(['/$defs/Progress/required: "step" was added']);
  });

  it('an optional field that becomes required, and a required one that becomes optional', () => {
    expect(changed(({ $defs }) => ($defs.Progress.required = ['level']))).toEqual([
      '/$defs/Progress/required: "level" was added',
      '/$defs/Progress/required: "id" was removed',
    ]);
  });

  it('a type that is narrowed, widened or replaced', () => {
    expect(changed(({ $defs }) => ($defs.Progress.properties.title.type = ['string']))).toEqual([
      '/$defs/Progress/properties/title/type: "null" was removed',
    ]);
    expect(changed(({ $defs }) => $defs.Progress.properties.title.type.push('number'))).toHaveLength(1);
    expect(changed(({ $defs }) => ($defs.Part.type = 'number'))).toHaveLength(1);
    expect(changed(({ $defs }) => $defs.Progress.properties.parts.anyOf.pop())).toHaveLength(1);
  });

  it('a value of an enum that goes, or comes', () => {
    expect(changed(({ $defs }) => ($defs.Progress.properties.level.enum = ['info']))).toEqual([
      '/$defs/Progress/properties/level/enum: "error" was removed',
    ]);
    expect(changed(({ $defs }) => $defs.Progress.properties.level.enum.push('debug'))).toHaveLength(1);
  });

  it('a bound that is added, moved or taken away', () => {
    expect(changed(({ $defs }) => ($defs.Progress.properties.id.minimum = 0))).toHaveLength(1);
    expect(changed(({ $defs }) => Object.assign($defs.Part, { maxLength: 3 }))).toEqual([
      '/$defs/Part/maxLength: 3 was added',
    ]);
    expect(changed(({ $defs }) => Reflect.deleteProperty($defs.Progress.properties.id, 'minimum'))).toHaveLength(1);
  });

  it('another meaning of a field that is left out', () => {
    expect(changed(({ $defs }) => Object.assign($defs.Progress.properties.title, { default: '' }))).toHaveLength(1);
  });

  it('a field, a definition or a method that goes', () => {
    expect(changed(({ $defs }) => Reflect.deleteProperty($defs.Progress.properties, 'title'))).toHaveLength(1);
    expect(changed(({ $defs }) => Reflect.deleteProperty($defs, 'Part'))).toHaveLength(1);
    expect(changed(({ $defs }) => ($defs.PluginMessage.allOf = []))).toHaveLength(1);
  });
});

describe('breaks what is released, too', () => {
  it.each([{ not: {} }, { not: true }, false])('a new field that nothing fits: %j', (schema) => {
    expect(changed(({ $defs }) => Object.assign($defs.Progress.properties, { extra: schema }))).toEqual([
      `/$defs/Progress/properties/extra: ${JSON.stringify(schema)} was added`,
    ]);
  });

  it.each([
    ['for a method that was there', branch('progress', 'Part')],
    ['that refuses a method of others', { if: { properties: { method: { const: 'ping' } } }, then: false }],
    ['for every message', { ...branch('later', 'Part'), if: {} }],
    ['that says more than how params look', { ...branch('later', 'Part'), else: { required: ['later'] } }],
    ['that says how the id looks', { ...branch('later', 'Part'), then: { properties: { id: { const: 1 } } } }],
  ])('a branch %s', (_title, added) => {
    const push = ({ $defs }: { $defs: typeof released.$defs }) => $defs.PluginMessage.allOf.push(added as never);
    expect(changed(push)).toEqual([
      `/$defs/PluginMessage/allOf: ${JSON.stringify(added)} was added, and is not that of one new method`,
    ]);
  });

  it('two branches for one new method', () => {
    expect(
      changed(({ $defs }) => $defs.PluginMessage.allOf.push(branch('later', 'Part'), branch('later', 'Progress'))),
    ).toHaveLength(1);
  });
});

describe('does no harm', () => {
  it('another shape of the context, which only a plugin gets that declares so; and only there, beside the first', () => {
    const params = (context: object) => ({ $defs: { ExecuteParams: { properties: { context, other: context } } } });
    const [whole, delta] = [{ $ref: '#/$defs/Whole' }, { $ref: '#/$defs/ContextDelta' }];
    const before = params(whole);
    const shapes = (...anyOf: object[]) => ({
      $defs: { ExecuteParams: { properties: { context: { anyOf }, other: whole } } },
    });
    expect(schemaChanges(before, shapes(whole, delta))).toEqual([]);
    expect(schemaChanges(before, shapes(delta, whole))).not.toEqual([]);
    expect(schemaChanges(before, shapes(whole, delta, { type: 'string' }))).not.toEqual([]);
    expect(schemaChanges(before, shapes(whole, { $ref: '#/$defs/Another' }))).not.toEqual([]);
    expect(schemaChanges(before, params({ anyOf: [whole, delta] }))).not.toEqual([]);
  });

  it('an optional field, a definition, a method', () => {
    expect(
      changed(({ $defs }) => {
        Object.assign($defs.Progress.properties, { later: { type: 'string' } });
        Object.assign($defs, { Later: { type: 'object' } });
        $defs.PluginMessage.allOf.unshift(branch('later', 'Later'));
      }),
    ).toEqual([]);
  });

  it('another order, and other words for people', () => {
    expect(
      changed(({ $defs }) => {
        $defs.Progress.properties.level.enum.reverse();
        Object.assign($defs.Part, { description: 'a part' });
      }),
    ).toEqual([]);
  });

  it('a field may be called like a word for people, and is looked at all the same', () => {
    expect(changed(({ $defs }) => Reflect.deleteProperty($defs.Progress.properties.title, 'default'))).toHaveLength(1);
  });
});
