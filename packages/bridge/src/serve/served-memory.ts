import type { ContextDelta, ContextSnapshot } from '../protocol/step-call.js';
import { baseMissing, type ServedState } from './served-context.js';

interface KeptState {
  readonly runId: string;
  readonly rev: number;
  readonly state: ServedState;
}

/**
 * The context of the latest run as its last call left it: what the host builds on, and what steps may still hold
 * references to. Nothing depends on it; a new process begins without.
 */
export class ServedMemory {
  #kept: KeptState | undefined;

  /**
   * The state that a call goes on with; undefined when it begins anew.
   *
   * @throws RefusedRequestError when the host builds on a state that is not here.
   */
  recall(runId: string, sent: ContextSnapshot | ContextDelta): ServedState | undefined {
    const kept = this.#kept?.runId === runId ? this.#kept : undefined;
    this.#kept = undefined;
    if (!('full' in sent) && kept?.rev !== sent.base) throw baseMissing(sent);
    return kept?.state;
  }

  keep(kept: KeptState): void {
    this.#kept = kept;
  }

  forget(): void {
    this.#kept = undefined;
  }
}
