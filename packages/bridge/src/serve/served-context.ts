import {
  type BaseStepContext,
  ContextChanges as Changes,
  errorMessage,
  type JsonObject,
  type JsonValue,
  type PatchOperation,
  RuntimeContext,
} from '@synapse-steps/core';
import { VersionRanges } from '../context-sync/held-context.js';
import type { ContextDelta, ContextSnapshot } from '../protocol/step-call.js';
import { RefusedRequestError } from './refused-request-error.js';
import type { ServedMemory } from './served-memory.js';

/** A class of contexts: what its steps call by its methods, filled from what the host sends. */
export type ContextClass = new (runtimeContext: RuntimeContext) => BaseStepContext;

/** What a step changed, and the first thing that could not be told because it is no JSON. */
export interface ContextChanges {
  readonly patch: PatchOperation[];
  readonly problem: Error | undefined;
  /** Takes them as not told, because they could not be sent. */
  readonly giveBack: () => void;
}

/** What is known of the changes of a context from call to call. */
export interface ServedState {
  readonly changes: Changes;
  /** The versions that the host told of. */
  readonly fromHost: VersionRanges;
  /** The version up to which the host has been told. */
  told: number;
}

/** The context of one call. The fields that a step touched are compared with what the host knows, the others cost nothing. */
export class ServedContext {
  readonly context: BaseStepContext;
  readonly #sent: ContextSnapshot | ContextDelta;
  readonly #state: ServedState;
  /** What the class of the context begins with, until the host says what it is. */
  readonly #beginning: ReadonlyMap<string, unknown>;
  #hasProblem = false;

  /** @throws RefusedRequestError when the host builds on a state that this process does not hold. */
  constructor(
    contextClass: ContextClass,
    sent: { readonly runId: string; readonly context: ContextSnapshot | ContextDelta; readonly params: JsonObject },
    memory: ServedMemory,
  ) {
    this.#sent = sent.context;
    this.context = new contextClass(new RuntimeContext({ params: sent.params, workDir: process.cwd() }));
    const known = memory.recall(sent.runId, sent.context);
    this.#beginning = known === undefined ? takeFields(this.context) : new Map();
    known?.changes.moveTo(this.context);
    this.#state = known ?? { changes: Changes.of(this.context), fromHost: new VersionRanges(), told: 0 };
  }

  /** Fills the context; needs the call to be in place, as values get their types back on the way in. */
  fill(): void {
    const { changes, fromHost } = this.#state;
    changes.look(); // what was changed between two calls, through a reference, is still to be told
    const before = changes.version;
    try {
      this.context.patch('full' in this.#sent ? this.#patchTo(this.#sent.full as JsonObject) : asPatch(this.#sent));
    } catch (error) {
      if ('full' in this.#sent) throw error;
      throw baseMissing(this.#sent, error);
    }
    fromHost.add(before, changes.version);
    for (const [field, value] of this.#beginning) {
      if (!Object.hasOwn(this.context, field)) Object.assign(this.context, { [field]: value });
    }
  }

  /** The changes since the last call of this method. */
  takeChanges(): ContextChanges {
    const state = this.#state;
    const { told } = state;
    const problem = state.changes.look();
    this.#hasProblem = problem !== undefined;
    const patch = state.changes.patchSince(told, ({ version }) => state.fromHost.has(version));
    state.told = state.changes.version;
    return { patch, problem, giveBack: () => void (state.told = told) };
  }

  /** Leaves the state of the context to the next call, unless it holds what the host cannot be told. */
  leaveTo(memory: ServedMemory, runId: string): void {
    if (this.#hasProblem) memory.forget();
    else memory.keep({ runId, rev: this.#sent.rev, state: this.#state });
  }

  /** What makes the fields those of `full`: values that are the same already stay the very ones. */
  #patchTo(full: JsonObject): PatchOperation[] {
    const now = this.context.toJSON();
    const gone = Object.keys(now).filter((key) => !Object.hasOwn(full, key));
    const others = Object.entries(full).filter(([key, value]) => !isSame(now[key], value));
    return [
      ...gone.map((key) => ({ op: 'remove', path: pointerOf(key) }) as const),
      ...others.map(([key, value]) => ({ op: 'add', path: pointerOf(key), value }) as const),
    ];
  }
}

/** The answer to a delta that does not fit what is here. */
export function baseMissing({ base }: ContextDelta, cause?: unknown): RefusedRequestError {
  const why = cause === undefined ? '' : `: ${errorMessage(cause)}`;
  return new RefusedRequestError('context_base_missing', `this process holds no revision ${base} of the context${why}`);
}

/** Takes the fields that a class gave its context, as long as nobody knows what the host says of them. */
function takeFields(context: BaseStepContext): ReadonlyMap<string, unknown> {
  const { transient } = context.constructor as typeof BaseStepContext;
  const fields = Object.entries(context).filter(([field]) => !transient.includes(field));
  for (const [field] of fields) Reflect.deleteProperty(context, field);
  return new Map(fields.filter(([, value]) => value !== undefined));
}

function asPatch({ patch }: ContextDelta): PatchOperation[] {
  return patch as PatchOperation[];
}

function isSame(one: JsonValue | undefined, other: JsonValue): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}

function pointerOf(key: string): string {
  return `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
