import { pythonSum } from './python-text.js';
import type { World } from './world.js';

/** What is reported of the progress of one run: by the SDK of the current release, of the weighted one, or by ours. */
export class ModelRun {
  readonly #world: World;
  readonly #weights: readonly number[];
  readonly #tell: (percent: number) => void;
  #finished: number[] = [];
  #reached = 0;
  #told = -1;
  /** Name and weight of the step that moves the progress by what it reports; none during a rollback. */
  #moving: { readonly name: string; readonly weight: number } | undefined;

  constructor(weights: readonly number[], world: World, tell: (percent: number) => void) {
    this.#weights = weights;
    this.#world = world;
    this.#tell = tell;
  }

  begin(name: string, weight: number): void {
    this.#moving = { name, weight };
  }

  rollBack(): void {
    this.#moving = undefined;
  }

  isMovedBy(speaker: string | undefined, category: string | null): boolean {
    return this.#moving !== undefined && speaker === this.#moving.name && category === this.#moving.name;
  }

  /** A step says how far it is. */
  move(speaker: string | undefined, { category, fraction }: { category: string | undefined; fraction: number }): void {
    if (!this.#world.differs('weighted-progress') || !this.isMovedBy(speaker, category ?? null)) return;
    this.#raise(pythonSum([...this.#finished, (this.#moving?.weight ?? 0) * fraction]));
    if (this.#total > 0 && this.#percent !== this.#told) this.#report(this.#percent);
  }

  /** A step is done, or was skipped. */
  finish(weight: number, proportion: number): void {
    this.#finished.push(weight);
    if (this.#world.release === 'current' && !this.#world.differs('weighted-progress')) {
      if (proportion > 0) this.#report(100);
    } else if (this.#world.differs('exact-sums')) {
      this.#raise(pythonSum(this.#finished));
      if (this.#total > 0) this.#report(this.#percent);
    } else if (this.#total > 0) {
      const plain = this.#finished.reduce((sum, value) => sum + value, 0);
      this.#report(Math.trunc((plain / this.#total) * 100));
    }
  }

  get #total(): number {
    return pythonSum(this.#weights);
  }

  /** Never lower than before, and all of it only at the end. */
  #raise(done: number): void {
    const isOver = this.#finished.length === this.#weights.length;
    const fraction = isOver ? 1 : Math.min(done / this.#total, 1 - 2 ** -53);
    if (fraction > this.#reached) this.#reached = fraction;
  }

  get #percent(): number {
    return this.#reached >= 1 ? 100 : Math.min(99, Math.floor(this.#reached * 100 + 1e-9));
  }

  #report(percent: number): void {
    this.#told = percent;
    this.#tell(percent);
  }
}
