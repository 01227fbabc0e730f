import type { PatchOperation } from '../json/json-patch.js';
import type { BaseStepContext } from './base-step-context.js';
import { ContextChanges } from './context-changes.js';

/** Tells one reader what has changed in a context since it last asked, however deep. */
export class ContextTracker {
  readonly #changes: ContextChanges;
  #version: number;

  /** @throws UnserialisableValueError naming a field that is not JSON. */
  constructor(context: BaseStepContext) {
    this.#changes = ContextChanges.of(context);
    context.toJSON();
    this.#version = this.#changes.version;
  }

  /** The changes since the last call; `problem` is that a field is not JSON, which counts as unchanged until it is. */
  takeChanges(): { readonly patch: PatchOperation[]; readonly problem: Error | undefined } {
    const problem = this.#changes.look();
    const patch = this.#changes.patchSince(this.#version);
    this.#version = this.#changes.version;
    return { patch, problem };
  }
}
