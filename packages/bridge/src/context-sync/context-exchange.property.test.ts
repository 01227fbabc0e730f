import { BaseStepContext, ContextChanges, type JsonValue, type PatchOperation } from '@synapse-steps/core';
import { StandInCall } from '@synapse-steps/core/testing';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { capabilitiesSchema } from '../protocol/capabilities.js';
import type { ContextDelta, ContextSnapshot } from '../protocol/step-call.js';
import { PluginError } from '../session/plugin-error.js';
import type { PluginPeer } from '../session/plugin-peer.js';
import { ServedContext } from '../serve/served-context.js';
import { ServedMemory } from '../serve/served-memory.js';
import { ContextExchange } from './context-exchange.js';
import { HeldContext } from './held-context.js';

/**
 * A host and two plugin processes, without the wire between them: whatever happens on either side, and however a call
 * ends, a step always sees what the host has, and the host gets what a step changed.
 */
class World {
  readonly host: Fields = speaking(new BaseStepContext(), 'host');
  readonly places: Place[] = [freshPlace(), freshPlace()];
  /** What was found, and what it should have been. */
  readonly pairs: [found: unknown, expected: unknown][] = [];
  readonly references: unknown[] = [];
  deltas = 0;
  #rev = 0;

  constructor() {
    ContextChanges.of(this.host);
  }

  call({ place: at, ending, changes }: Call): void {
    const place = this.places[at] ?? freshPlace();
    const exchange = new ContextExchange(this.host, 'plugin');
    const { served, before } = this.#request(place, exchange);
    this.pairs.push([jsonOf(served.context), before]);
    for (const change of changes) change(served.context as Fields, place.references);
    const { patch } = crossed(served.takeChanges());
    served.leaveTo(place.memory, 'run');
    const after = jsonOf(served.context);
    if (ending === 'lost') return;
    if (ending === 'refused') return this.#refuse(exchange, patch);
    exchange.apply(patch);
    this.pairs.push([jsonOf(this.host), after]);
    if (ending === 'ok') exchange.succeeded();
  }

  /** Makes the request, again with the whole when the process does not hold the base; that it never asks for twice. */
  #request(place: Place, exchange: ContextExchange): { served: ServedContext; before: unknown } {
    for (let attempt = 1; ; attempt += 1) {
      this.#rev += 1;
      const sent = crossed(exchange.contextFor(place.peer, this.#rev));
      if ('base' in sent) this.deltas += 1;
      try {
        return { served: serve(sent, place.memory), before: jsonOf(this.host) };
      } catch (error) {
        const { code } = error as { code: string };
        if (attempt > 1 || !exchange.needsWhole(new PluginError({ kind: code, plugin: 'p', message: '' }))) throw error;
      }
    }
  }

  /** One operation of it cannot be applied, so none is. */
  #refuse(exchange: ContextExchange, patch: readonly PatchOperation[]): void {
    const before = jsonOf(this.host);
    try {
      exchange.apply([...patch, { op: 'remove', path: '/missing/field' }]);
    } catch {
      exchange.succeeded(); // the answer was fine, its patch was not
    }
    this.pairs.push([jsonOf(this.host), before]);
  }
}

type Fields = BaseStepContext & Record<string, unknown>;

interface Place {
  readonly peer: PluginPeer;
  readonly memory: ServedMemory;
  readonly references: unknown[];
}

function freshPlace(): Place {
  const capabilities = capabilitiesSchema.parse({ context_delta: true });
  return {
    peer: { capabilities, held: new HeldContext(), isBusy: () => false },
    memory: new ServedMemory(),
    references: [],
  };
}

function serve(context: ContextSnapshot | ContextDelta, memory: ServedMemory): ServedContext {
  const served = new ServedContext(BaseStepContext, { runId: 'run', context, params: {} }, memory);
  speaking(served.context, 'step');
  served.fill();
  return served;
}

function speaking(context: BaseStepContext, step: string): Fields {
  StandInCall.on(context, step);
  Object.defineProperty(context, 'runId', { value: 'run' });
  return context as Fields;
}

function crossed<TValue>(value: TValue): TValue {
  return JSON.parse(JSON.stringify(value)) as TValue;
}

function jsonOf(context: BaseStepContext): unknown {
  return crossed(context.toJSON());
}

// --- what may happen ---------------------------------------------------------------------------------------------------

type Change = (context: Fields, references: unknown[]) => void;

interface Call {
  readonly place: number;
  readonly ending: 'ok' | 'error' | 'lost' | 'refused';
  readonly changes: readonly Change[];
}

const name = fc.constantFrom('a', 'b', 'c');
const json = fc
  .jsonValue({ maxDepth: 2 })
  .map((made) => JSON.parse(JSON.stringify(made)) as JsonValue)
  .filter((made) => !/__proto__|constructor|prototype/.test(JSON.stringify(made))); // no keys of a context
const index = fc.nat({ max: 20 });

const assign = fc.tuple(name, json).map(
  ([field, value]): Change =>
    (context) =>
      void (context[field] = crossed(value)),
);
const remove = name.map(
  (field): Change =>
    (context) =>
      void Reflect.deleteProperty(context, field),
);
const keep = name.map((field): Change => (context, references) => {
  for (let at = context[field]; typeof at === 'object' && at !== null; at = Object.values(at)[0]) references.push(at);
});
const mutate = fc.tuple(index, json).map(([at, value]): Change => (_context, references) => {
  const target = references[at % Math.max(1, references.length)];
  if (Array.isArray(target) && target.length < 9) target.push(crossed(value));
  else if (typeof target === 'object' && target !== null && !Array.isArray(target)) Object.assign(target, { at });
});
const operate = fc
  .tuple(fc.constantFrom('add', 'replace', 'remove'), name, fc.constantFrom('', '/0', '/-', '/at', '/at/0'), json)
  .map(([op, field, inside, value]): Change => (context) => {
    try {
      context.patch([{ op, path: `/${field}${inside}`, value: crossed(value) }]);
    } catch (error) {
      if ((error as { code?: string }).code !== 'invalid_patch') throw error;
    }
  });
const change = fc.oneof(assign, remove, keep, mutate, operate, operate);

const onHost = change.map((made) => (world: World) => made(world.host, world.references));
const restart = fc.nat({ max: 1 }).map((at) => (world: World) => void (world.places[at] = freshPlace()));
/** The process forgets what it held, as it may at any time. */
const forget = fc.nat({ max: 1 }).map((at) => (world: World) => world.places[at]?.memory.forget());
const call = fc
  .record<Call>({
    place: fc.nat({ max: 1 }),
    ending: fc.constantFrom('ok', 'ok', 'ok', 'error', 'lost', 'refused'),
    changes: fc.array(change, { maxLength: 4 }),
  })
  .map((made) => (world: World) => world.call(made));
/** Through a reference of an earlier step, while no call is under way. */
const between = fc.tuple(fc.nat({ max: 1 }), mutate).map(([at, made]) => (world: World) => {
  made(world.host, world.places[at]?.references ?? []);
});

it('host and processes agree on the context before and after each call, whatever happened until then', () => {
  let deltas = 0;
  const events = fc.array(fc.oneof({ weight: 4, arbitrary: call }, onHost, onHost, restart, forget), {
    minLength: 10,
    maxLength: 40,
  });
  fc.assert(
    fc.property(events, (happened) => {
      const world = new World();
      for (const event of happened) event(world);
      for (const [found, expected] of world.pairs) expect(found).toEqual(expected);
      deltas += world.deltas;
    }),
    { numRuns: 200 },
  );
  expect(deltas).toBeGreaterThan(500);
});

it('what is changed in a process between two calls, through a reference, reaches the host with the next answer', () => {
  const events = fc.array(fc.oneof(call, between), { minLength: 5, maxLength: 20 });
  fc.assert(
    fc.property(events, (happened) => {
      const world = new World();
      for (const event of happened) event(world);
      for (const place of world.places) {
        const exchange = new ContextExchange(world.host, 'plugin');
        const served = serve(
          crossed(exchange.contextFor(place.peer, 1_000_000 + world.places.indexOf(place))),
          place.memory,
        );
        exchange.apply(crossed(served.takeChanges().patch));
        expect(jsonOf(served.context)).toEqual(jsonOf(world.host));
      }
    }),
    { numRuns: 200 },
  );
});
