import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch, PatchError, type PatchOperation } from '../json/json-patch.js';
import type { JsonObject, JsonValue } from '../json/json-value.js';
import { StandInCall } from '../testing/stand-in-call.js';
import { BaseStepContext } from './base-step-context.js';
import { ContextChanges } from './context-changes.js';
import { patchContext } from './patch-context.js';

class Loose extends BaseStepContext {
  static override readonly transient = ['local'];
  declare a: unknown;
  declare b: unknown;
  declare local: unknown;
}

function looseWith(fields: Record<string, unknown>): { context: Loose; changes: ContextChanges } {
  const context = Object.assign(new Loose(), fields);
  return { context, changes: ContextChanges.of(context) };
}

/** The patch since `version` after a look, which has to go well. */
function told(changes: ContextChanges, version = 0): PatchOperation[] {
  const problem = changes.look();
  if (problem) throw problem;
  return changes.patchSince(version);
}

/** What `console.log` shows. */
function printed(context: Loose): unknown {
  return (context as unknown as Record<symbol, () => unknown>)[Symbol.for('nodejs.util.inspect.custom')]?.();
}

/** Counts how often it is written as JSON. */
function counted(): { readonly value: object; written: number } {
  const counter = { written: 0, value: { toJSON: () => ((counter.written += 1), 'text') } };
  return counter;
}

describe('the changes of a context', () => {
  it('cost nothing for a field that nobody touched', () => {
    const big = counted();
    const { context, changes } = looseWith({ a: big.value, b: 1 });
    context.b = 2;
    expect(told(changes)).toEqual([{ op: 'replace', path: '/b', value: 2 }]);
    expect(big.written).toBe(0);
  });

  it('cost nothing for a large field that is changed by operations, and tell them as they are', () => {
    const { context, changes } = looseWith({ a: { big: counted().value, items: [1] } });
    const operations: PatchOperation[] = [{ op: 'add', path: '/a/items/-', value: 2 }];
    patchContext(context, operations);
    expect(told(changes)).toEqual(operations);
    expect((changes.peek('a') as { items: number[] }).items).toEqual([1, 2]);
  });

  it('are found in a value that was handed out earlier, also when the field was not touched again', () => {
    const { context, changes } = looseWith({ a: { deep: [{ n: 1 }] } });
    const deep = (context.a as { deep: { n: number }[] }).deep[0];
    expect(told(changes)).toEqual([]);
    Object.assign(deep ?? {}, { n: 2 });
    expect(told(changes)).toEqual([{ op: 'replace', path: '/a', value: { deep: [{ n: 2 }] } }]);
  });

  it('are looked for in a value that was assigned, as who assigned it may hold it', () => {
    const { context, changes } = looseWith({});
    const mine: number[] = [];
    context.a = mine;
    expect(told(changes)).toEqual([{ op: 'add', path: '/a', value: [] }]);
    const { version } = changes;
    mine.push(1);
    expect(told(changes, version)).toEqual([{ op: 'replace', path: '/a', value: [1] }]);
  });

  it('are not looked for any more in a value that is frozen all through', () => {
    let reads = 0;
    const value = Object.freeze([Object.freeze({ n: 1 })]);
    const { context, changes } = looseWith({ a: [] });
    context.a = value;
    expect(told(changes)).toHaveLength(1);
    const seen = new Proxy(value, { ownKeys: (target) => ((reads += 1), Reflect.ownKeys(target)) });
    context.a = seen;
    expect(told(changes)).toHaveLength(1);
    const before = reads;
    expect(context.a).toBe(seen);
    expect(told(changes)).toHaveLength(1);
    expect(reads).toBe(before);
  });

  it('are looked for in every value when they are first asked for while a step runs, which may hold any of them', () => {
    const context = Object.assign(new Loose(), { a: [1] });
    const held = context.a;
    const call = StandInCall.on(context, 'late');
    const changes = ContextChanges.of(context);
    call.end();
    held.push(2);
    expect(told(changes)).toEqual([{ op: 'replace', path: '/a', value: [1, 2] }]);
  });

  it('are looked for in a value that is frozen only at its top', () => {
    const { context, changes } = looseWith({ a: Object.freeze({ items: [1] }) });
    (context.a as { items: number[] }).items.push(2);
    expect(told(changes)).toEqual([{ op: 'replace', path: '/a', value: { items: [1, 2] } }]);
  });

  it('are found when a field is new, deleted, or defined anew', () => {
    const { context, changes } = looseWith({ a: 1, b: [1] });
    Object.defineProperty(context, 'a', { value: [3], enumerable: true, configurable: true, writable: true });
    delete context.b;
    Object.assign(context, { c: { d: 1 } });
    expect(told(changes)).toEqual([
      { op: 'replace', path: '/a', value: [3] },
      { op: 'remove', path: '/b' },
      { op: 'add', path: '/c', value: { d: 1 } },
    ]);
    (context.a as number[]).push(4);
    context.b = true;
    expect(told(changes, changes.version)).toEqual([
      { op: 'replace', path: '/a', value: [3, 4] },
      { op: 'add', path: '/b', value: true },
    ]);
    expect(context.toJSON()).toEqual({ a: [3, 4], b: true, c: { d: 1 } });
  });

  it('are found in a property that cannot be followed', () => {
    const items = [1];
    const context = new Loose();
    Object.defineProperty(context, 'a', { get: () => items, enumerable: true });
    const changes = ContextChanges.of(context);
    items.push(2);
    expect(told(changes)).toEqual([{ op: 'replace', path: '/a', value: [1, 2] }]);
  });

  it('leave transient fields alone', () => {
    const { context, changes } = looseWith({ local: [1] });
    context.local = new Map();
    expect(told(changes)).toEqual([]);
    expect(Object.getOwnPropertyDescriptor(context, 'local')).toHaveProperty('value');
    expect(context.toJSON()).toEqual({});
  });

  it('name a field that is no JSON, tell the others, and tell of it once it is', () => {
    const { context, changes } = looseWith({ a: 1, b: 1 });
    context.a = { deep: new Map() };
    context.b = 2;
    expect(changes.look()).toMatchObject({ code: 'unserialisable_value', pointer: '/deep' });
    expect(changes.patchSince(0)).toEqual([{ op: 'replace', path: '/b', value: 2 }]);
    (context.a as JsonObject)['deep'] = null;
    expect(told(changes)).toContainEqual({ op: 'replace', path: '/a', value: { deep: null } });
  });

  it('by a step itself do not swallow what was changed before through a reference', () => {
    const { context, changes } = looseWith({ a: { x: 1, y: 1 } });
    Object.assign(context.a as object, { x: 2 });
    patchContext(context, [{ op: 'replace', path: '/a/y', value: 2 }]);
    expect(told(changes)).toEqual([{ op: 'replace', path: '/a', value: { x: 2, y: 2 } }]);
  });

  it('of long ago are told as one of each field', () => {
    const { context, changes } = looseWith({ a: [], b: [], gone: 1 });
    patchContext(context, [{ op: 'remove', path: '/gone' }]);
    const { version } = changes;
    for (let count = 0; count < 2000; count += 1) {
      patchContext(context, [{ op: 'add', path: count % 2 ? '/a/-' : '/b/-', value: count }]);
    }
    expect(changes.since(0).length).toBeLessThan(1500);
    expect(changes.patchSince(changes.version - 1)).toEqual([{ op: 'add', path: '/a/-', value: 1999 }]);
    expect(changes.patchSince(0)).toEqual([
      { op: 'add', path: '/gone', value: null },
      { op: 'remove', path: '/gone' },
      { op: 'add', path: '/b', value: changes.peek('b') },
      { op: 'add', path: '/a', value: changes.peek('a') },
    ]);
    expect(changes.patchSince(version)).toHaveLength(2);
  });

  it('keep their values as long as those are not too heavy; behind that the whole field is told', () => {
    const { context, changes } = looseWith({ a: {}, b: {} });
    StandInCall.on(context, 'step');
    context.patch([{ op: 'add', path: '/b/light', value: 1 }]);
    for (let count = 0; count < 40; count += 1) {
      context.patch([{ op: 'add', path: `/a/${count}`, value: { text: String(count).padEnd(1_000_000, 'x') } }]);
    }
    expect(JSON.stringify(changes.since(0)).length).toBeLessThan(17_000_000);
    const paths = changes.since(0).map(({ operation }) => operation?.path);
    expect(paths).toEqual(['/b/light', ...Array.from({ length: 40 }, (_, count) => `/a/${count}`)]);
    const { version } = changes;
    expect(changes.patchSince(version - 1).map(({ path }) => path)).toEqual(['/a/39']);
    expect(changes.patchSince(0)).toEqual([
      { op: 'add', path: '/b/light', value: 1 },
      { op: 'replace', path: '/a', value: context.a },
    ]);
  });

  it('go on in another context of the same state, with the very values', () => {
    const { context, changes } = looseWith({ a: [1], b: 1 });
    const held = context.a as number[];
    context.b = undefined;
    expect(told(changes)).toEqual([{ op: 'remove', path: '/b' }]);
    const { version } = changes;
    const next: Loose = Object.assign(new Loose(), { a: 'new', b: 'new', c: 'new', local: 'own' });
    changes.moveTo(next);
    expect(next).toMatchObject({ local: 'own' });
    expect(next.a).toBe(held);
    expect(Object.keys(next)).toEqual(['local', 'a']);
    held.push(2);
    Object.assign(next, { b: 2 });
    expect(told(ContextChanges.of(next), version)).toEqual([
      { op: 'replace', path: '/a', value: [1, 2] },
      { op: 'add', path: '/b', value: 2 },
    ]);
  });

  it('are no matter of those who print the context or write it as JSON', () => {
    const { context, changes } = looseWith({ a: counted().value });
    expect(printed(context)).toEqual({ a: expect.any(Object) as object });
    expect(JSON.parse(JSON.stringify(context))).toEqual({ a: 'text' });
    expect(told(changes)).toEqual([]);
  });
});

// --- any program ------------------------------------------------------------------------------------------------------

type Program = readonly ((host: Host) => void)[];

/** A context, what a reader of its changes made of them, and references into it that were taken on the way. */
class Host {
  readonly context: Loose & Record<string, unknown>;
  readonly changes: ContextChanges;
  readonly copy: JsonObject;
  readonly references: unknown[] = [];
  /** The states of the context, each with what it should have been. */
  readonly pairs: [found: unknown, expected: unknown][] = [];
  #version = 0;

  constructor(start: JsonObject) {
    this.context = Object.assign(new Loose(), structuredClone(start)) as Loose & Record<string, unknown>;
    this.changes = ContextChanges.of(this.context);
    this.copy = structuredClone(start);
  }

  /** A reader looks: from then on its copy is what the context is. */
  read(): void {
    const patch = told(this.changes, this.#version);
    this.#version = this.changes.version;
    applyPatch(rootOf(this.copy), structuredClone(patch));
    this.pairs.push([structuredClone(this.copy), plain(this.context)]);
  }
}

function plain(context: Loose): unknown {
  return JSON.parse(JSON.stringify(Object.fromEntries(ContextChanges.of(context).entries())));
}

function rootOf(target: JsonObject) {
  return {
    has: (key: string) => Object.hasOwn(target, key),
    get: (key: string) => target[key],
    set: (key: string, value: JsonValue) => void (target[key] = value),
    remove: (key: string) => void delete target[key],
  };
}

const field = fc.constantFrom('a', 'b', 'c');
const value = fc
  .jsonValue({ maxDepth: 2 })
  .map((made) => JSON.parse(JSON.stringify(made)) as JsonValue)
  .filter((made) => !/__proto__|constructor|prototype/.test(JSON.stringify(made))); // no keys of a context
const index = fc.nat({ max: 20 });

const assign = fc.tuple(field, value).map(
  ([name, json]) =>
    (host: Host) =>
      void (host.context[name] = json),
);
const remove = field.map((name) => (host: Host) => void delete host.context[name]);
const read = fc.constant((host: Host) => host.read());
const keep = field.map((name) => (host: Host) => {
  for (let at: unknown = host.context[name]; typeof at === 'object' && at !== null; at = Object.values(at)[0])
    host.references.push(at);
});
const mutate = fc.tuple(index, value).map(([at, json]) => (host: Host) => {
  const target = host.references[at % Math.max(1, host.references.length)];
  if (Array.isArray(target)) target.push(json);
  else if (typeof target === 'object' && target !== null) Object.assign(target, { changed: json });
});
const alias = fc.tuple(field, index).map(([name, at]) => (host: Host) => {
  const known = host.references[at % Math.max(1, host.references.length)];
  if (known !== undefined) host.context[name] = structuredClone(known);
});
const operate = fc
  .tuple(fc.constantFrom('add', 'replace', 'remove'), field, fc.constantFrom('', '/0', '/-', '/changed'), value)
  .map(([op, name, inside, json]) => (host: Host) => {
    const operation = { op, path: `/${name}${inside}`, value: json } as PatchOperation;
    const before = plain(host.context);
    try {
      patchContext(host.context, [operation]);
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      host.pairs.push([plain(host.context), before]);
    }
  });

const program: fc.Arbitrary<Program> = fc.array(fc.oneof(assign, remove, read, keep, mutate, alias, operate, operate), {
  maxLength: 40,
});

it('no change is ever lost, whoever holds which reference, and however it was made', () => {
  const fields = fc.dictionary(field, value);
  fc.assert(
    fc.property(fields, program, (start, steps) => {
      const host = new Host(start);
      for (const step of steps) step(host);
      host.read();
      for (const [found, expected] of host.pairs) expect(found).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});
