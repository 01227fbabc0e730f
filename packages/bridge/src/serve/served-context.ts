import {
  type BaseStepContext,
  copyJson,
  type JsonObject,
  type PatchOperation,
  RuntimeContext,
  UnserialisableValueError,
} from '@synapse-steps/core';

/** A class of contexts: what its steps call by its methods, filled from what the host sends. */
export type ContextClass = new (runtimeContext: RuntimeContext) => BaseStepContext;

/** What a step changed, and the first thing that could not be told because it is no JSON. */
export interface ContextChanges {
  readonly patch: PatchOperation[];
  readonly problem: UnserialisableValueError | undefined;
  /** Takes them as not told, because they could not be sent. */
  readonly giveBack: () => void;
}

/**
 * The context of one call. Changes are found by comparing each field, as JSON, with its text when it was last exchanged:
 * a change, however deep inside, is never lost.
 */
export class ServedContext {
  readonly context: BaseStepContext;
  #texts = new Map<string, string>();
  #atHost: Set<string>;

  constructor(contextClass: ContextClass, snapshot: JsonObject, params: JsonObject) {
    this.context = new contextClass(new RuntimeContext({ params, workDir: process.cwd() }));
    this.#atHost = new Set(Object.keys(snapshot));
  }

  /** Fills the context; needs the call to be in place, as values get their types back on the way in. */
  fill(snapshot: JsonObject): void {
    this.context.patch(
      Object.entries(snapshot).map(([field, value]) => ({ op: 'add', path: pointerOf(field), value })),
    );
    for (const [field, value] of this.#fields()) this.#texts.set(field, JSON.stringify(copyJson(value, field)));
  }

  /** The changes since the last call of this method. */
  takeChanges(): ContextChanges {
    const patch: PatchOperation[] = [];
    let problem: UnserialisableValueError | undefined;
    const seen = new Set<string>();
    const before = { texts: new Map(this.#texts), atHost: new Set(this.#atHost) };
    const giveBack = (): void => {
      this.#texts = before.texts;
      this.#atHost = before.atHost;
    };
    for (const [field, value] of this.#fields()) {
      seen.add(field);
      try {
        patch.push(...this.#changeOf(field, value));
      } catch (error) {
        if (!(error instanceof UnserialisableValueError)) throw error;
        problem ??= error;
      }
    }
    return { patch: [...patch, ...this.#removals(seen)], problem, giveBack };
  }

  #fields(): [string, unknown][] {
    const { transient } = this.context.constructor as typeof BaseStepContext;
    return Object.entries(this.context).filter(([field, value]) => value !== undefined && !transient.includes(field));
  }

  #changeOf(field: string, value: unknown): PatchOperation[] {
    const json = copyJson(value, `The context's field '${field}'`);
    const text = JSON.stringify(json);
    if (this.#texts.get(field) === text) return [];
    this.#texts.set(field, text);
    const op = this.#atHost.has(field) ? 'replace' : 'add';
    this.#atHost.add(field);
    return [{ op, path: pointerOf(field), value: json }];
  }

  #removals(present: ReadonlySet<string>): PatchOperation[] {
    const removed = [...this.#atHost].filter((field) => !present.has(field));
    for (const field of removed) {
      this.#atHost.delete(field);
      this.#texts.delete(field);
    }
    return removed.map((field) => ({ op: 'remove', path: pointerOf(field) }));
  }
}

function pointerOf(field: string): string {
  return `/${field.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
