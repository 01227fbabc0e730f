import type { JsonObject, RunEvent } from '@synapse-steps/core';

/** What a step that was started may have left in the world. */
export interface StepEffect {
  /** The name, or the path `parent/child`. */
  readonly name: string;
  status: 'started' | 'done' | 'failed';
  /** All that its current attempt has saved; undefined when that is nothing. */
  undoData: JsonObject | undefined;
  isUndone: boolean;
}

/** The effects of the steps of one run, as far as its events tell: what is left when the process ends or an undo fails. */
export class Effects {
  readonly #byStep = new Map<string, StepEffect>();

  apply(event: RunEvent): void {
    if (event.type === 'step-start') return this.#begin(event.step);
    if (event.type === 'step-skip') return void this.#byStep.delete(event.step);
    if (event.type === 'step-retry') return this.#beginAnew(event.step);
    const effect = 'step' in event ? this.#byStep.get(event.step) : undefined;
    if (effect === undefined) return;
    if (event.type === 'undo-saved') effect.undoData = { ...effect.undoData, ...event.data };
    if (event.type === 'step-end') {
      effect.status = event.status === 'completed' ? 'done' : 'failed';
      if (event.rollbackData) effect.undoData = { ...effect.undoData, ...event.rollbackData };
    }
    if (event.type === 'undo-end') effect.isUndone = event.outcome === 'undone' || event.outcome === 'nothing-to-undo';
  }

  undoDataOf(step: string): JsonObject | undefined {
    return this.#byStep.get(step)?.undoData;
  }

  /** The step that was started last; undefined before the first. */
  get newest(): StepEffect | undefined {
    return [...this.#byStep.values()].at(-1);
  }

  /** Those whose effects nobody has undone, newest first. */
  get open(): StepEffect[] {
    return [...this.#byStep.values()].filter(({ isUndone }) => !isUndone).toReversed();
  }

  /** The names of those that were undone. */
  get undone(): string[] {
    return [...this.#byStep.values()].filter(({ isUndone }) => isUndone).map(({ name }) => name);
  }

  #begin(name: string): void {
    this.#byStep.delete(name);
    this.#byStep.set(name, { name, status: 'started', undoData: undefined, isUndone: false });
  }

  /** A further attempt begins with nothing saved, also in the steps inside. */
  #beginAnew(name: string): void {
    for (const inside of this.#byStep.keys()) if (inside.startsWith(`${name}/`)) this.#byStep.delete(inside);
    this.#begin(name);
  }
}
