import { parsePointer, type PatchOperation } from '../json/json-patch.js';
import { copyJson, encodeJson, type JsonValue } from '../json/json-value.js';
import type { BaseStepContext } from './base-step-context.js';
import { type ContextChange, lighten, patchOf, shorten, weightOf, weightOfAll } from './change-log.js';
import { CHANGES } from './changes-key.js';
import { ContextField, isMutable } from './context-field.js';
import { STEP_CALL } from './step-call.js';

/**
 * What became of a context's fields, by version. Its fields are turned into accessors, so that what nobody touched costs
 * nothing: it cannot have changed. A mutable value that was handed out once may be changed at any time through that very
 * reference, so it is compared, as JSON, whenever somebody looks, until it is frozen all through.
 *
 * Installed when a run starts, and only if a journal or another process takes part. Later, values may have been handed
 * out unseen; then each is compared.
 */
export class ContextChanges {
  #context: BaseStepContext;
  readonly #fields = new Map<string, ContextField>();
  #log: ContextChange[] = [];
  #version = 0;
  /** How much the values weigh that the log holds. */
  #weight = 0;
  #lastApplied = { after: 0, last: 0 };

  private constructor(context: BaseStepContext) {
    this.#context = context;
    const isFresh = context[STEP_CALL] === undefined;
    this.#adoptFields();
    for (const field of this.#fields.values()) field.settle(!isFresh);
  }

  /** The changes of a context, from now on or from when they were first asked for. */
  static of(context: BaseStepContext): ContextChanges {
    return (context[CHANGES] ??= new ContextChanges(context));
  }

  /** Goes on with another object for the same state: the values stay the very ones, for those who hold on to them. */
  moveTo(context: BaseStepContext): void {
    this.#context = context;
    context[CHANGES] = this;
    for (const name of Object.keys(context)) {
      if (!this.#isTransient(name)) delete (context as unknown as Record<string, unknown>)[name];
    }
    for (const [name, { value }] of this.#fields) if (value !== undefined) this.#install(name);
  }

  /** Grows with each change that was found. */
  get version(): number {
    return this.#version;
  }

  /** The fields and their values, without counting as handed out; not the transient ones. */
  entries(): [string, unknown][] {
    this.#adoptFields();
    return [...this.#fields.values()].map(({ name, value }) => [name, value]);
  }

  /**
   * Looks for changes, of all fields or of these.
   *
   * @returns why the first field that is no JSON is none: it counts as unchanged until it is.
   */
  look(names?: ReadonlySet<string>): Error | undefined {
    this.#adoptFields();
    let problem: Error | undefined;
    for (const field of this.#fields.values()) {
      if (names?.has(field.name) === false) continue;
      const { existed, by } = field;
      try {
        if (field.takeChange())
          this.#note({ field: field.name, existed, exists: field.existed, by, operation: undefined });
      } catch (error) {
        problem ??= error as Error;
      }
    }
    return problem;
  }

  /** The changes that were found after `version`, oldest first. Of each field those of long ago count as one. */
  since(version: number): ContextChange[] {
    return this.#log.filter((change) => change.version > version);
  }

  /**
   * What brings a copy of the fields as they were at `version` to how they are now. Changes that the copy has already are
   * left out, as `isKnown` says.
   */
  patchSince(version: number, isKnown?: (change: ContextChange) => boolean): PatchOperation[] {
    if (version === this.#version) return [];
    return patchOf(this.since(version), (name) => this.#json(name), isKnown);
  }

  /** A new field, set by a step that is known, which a plain property could not tell. False for a transient one. */
  add(name: string, value: unknown, by: string | undefined): boolean {
    if (this.#isTransient(name)) return false;
    this.#fieldOf(name).assign(value, by);
    this.#install(name);
    return true;
  }

  // --- for explicit operations, which tell by themselves what they change --------------------------------------------

  /** The value of a field, without counting as handed out. */
  peek(name: string): unknown {
    return this.#fields.get(name)?.value;
  }

  /** Sets a field to a value that nobody else holds. */
  put(name: string, value: unknown): void {
    if (!Object.hasOwn(this.#context, name)) this.#install(name);
    else if (!this.#isInstalled(name)) (this.#context as unknown as Record<string, unknown>)[name] = value;
    this.#fieldOf(name).value = value;
  }

  drop(name: string): void {
    this.#fieldOf(name).value = undefined;
    delete (this.#context as unknown as Record<string, unknown>)[name];
  }

  /** The versions of the operations that were applied last: above `after`, up to `last`. Whatever is found beside them has others. */
  get lastApplied(): { readonly after: number; readonly last: number } {
    return this.#lastApplied;
  }

  /** Notes operations that were applied by {@link peek} and {@link put}; `revived` are fields that were changed thereby. */
  applied(
    operations: readonly PatchOperation[],
    { revived, by }: { readonly revived: ReadonlySet<string>; readonly by: string | undefined },
  ): void {
    const whole = new Set(revived);
    const after = this.#version;
    for (const operation of operations) {
      const [name = '', ...inside] = parsePointer(operation);
      if (this.#isTransient(name)) continue;
      if (inside.length === 0) whole.add(name);
      const { existed } = this.#fieldOf(name);
      const copied = inside.length === 0 || revived.has(name) ? undefined : copyOf(operation);
      const exists = inside.length > 0 || operation.op !== 'remove';
      this.#note({ field: name, existed, exists, by, operation: copied, mayDiffer: revived.has(name) });
    }
    this.#lastApplied = { after, last: this.#version };
    const names = new Set(operations.map((operation) => parsePointer(operation)[0] ?? ''));
    for (const name of names) {
      const field = this.#fields.get(name);
      field?.settle(!whole.has(name) && field.isHandedOut);
    }
  }

  #note(change: Omit<ContextChange, 'version' | 'weight'>): void {
    this.#version += 1;
    const weight = weightOf(change.operation);
    this.#log.push({ ...change, version: this.#version, weight });
    this.#weight += weight;
    const isLong = this.#log.length > LONGEST_LOG + 2 * this.#fields.size;
    if (!isLong && this.#weight <= HEAVIEST_LOG) return;
    this.#log = isLong ? shorten(this.#log, LONGEST_LOG / 2) : lighten(this.#log, HEAVIEST_LOG / 2);
    this.#weight = weightOfAll(this.#log);
  }

  #json(name: string): JsonValue | undefined {
    const value = this.peek(name);
    return value === undefined ? undefined : encodeJson(value, `The context's field '${name}'`);
  }

  #fieldOf(name: string): ContextField {
    const known = this.#fields.get(name);
    if (known) return known;
    const field = new ContextField(name);
    this.#fields.set(name, field);
    return field;
  }

  /** Takes in fields that are new or were defined anew, and notes those that were deleted. */
  #adoptFields(): void {
    for (const name of Object.keys(this.#context)) {
      if (this.#isInstalled(name) || this.#isTransient(name)) continue;
      this.#fieldOf(name).assign((this.#context as unknown as Record<string, unknown>)[name], undefined);
      const descriptor = Object.getOwnPropertyDescriptor(this.#context, name);
      if (descriptor?.configurable === true && descriptor.get === undefined) this.#install(name);
    }
    for (const [name, field] of this.#fields) if (!Object.hasOwn(this.#context, name)) field.value = undefined;
  }

  #isInstalled(name: string): boolean {
    const getter = this.#fields.get(name)?.getter;
    return getter !== undefined && Object.getOwnPropertyDescriptor(this.#context, name)?.get === getter;
  }

  #isTransient(name: string): boolean {
    return (this.#context.constructor as typeof BaseStepContext).transient.includes(name);
  }

  #install(name: string): void {
    const field = this.#fieldOf(name);
    Object.defineProperty(this.#context, name, {
      get: (field.getter ??= function (this: BaseStepContext) {
        return isMutable(field.value) ? field.handOut(this[STEP_CALL]?.step) : field.value;
      }),
      set(this: BaseStepContext, value: unknown) {
        field.assign(value, this[STEP_CALL]?.step);
      },
      enumerable: true,
      configurable: true,
    });
  }
}

/** A copy for the log: the value in the context, and that of whoever made the operation, may change later. */
function copyOf(operation: PatchOperation): PatchOperation {
  return operation.op === 'remove'
    ? operation
    : { ...operation, value: copyJson(operation.value, `The value of '${operation.path}'`) };
}

const LONGEST_LOG = 1000;
const HEAVIEST_LOG = 16 * 1024 * 1024;
