import { pythonRound, pythonSum } from './python-text.js';
import type { World } from './world.js';

export type Shares = Readonly<Record<string, number>>;
type Body = Record<string, unknown>;

const NEVER_IN_THE_POOL = ['train', 'model_upload'];

/** How the SDK's JobLogger makes one number of what the steps report. */
export class ModelJobProgress {
  proportions: Shares = {};
  weights: Shares = {};
  orders: Record<string, number> = {};
  current: string | null = null;
  readonly #world: World;
  readonly #bodies = new Map<string, Body>();
  readonly #fractions = new Map<string, number>();
  readonly #fixedShares = new Map<string, number>();
  #unnamed: Body = {};
  #overall = 0;

  constructor(world: World) {
    this.#world = world;
  }

  get hasBegun(): boolean {
    return this.current !== null;
  }

  setProportions(proportions: Shares, weights: Shares = proportions): void {
    this.proportions = { ...proportions };
    this.weights = { ...weights };
    this.#unnamed = {};
  }

  report(step: string | null, body: Body, fraction: number): void {
    if (step === null || step === '') this.#unnamed = body;
    else this.#take(step, body, fraction);
  }

  /** Ours: a finished step counts as finished. False when that was known. */
  complete(step: string): boolean {
    const isKnown = this.#fractions.get(step) === 1 && this.#bodies.get(step)?.['status'] === undefined;
    if (isKnown && this.current === step) return false;
    this.#take(step, { percent: 100, time_remaining: 0 }, 1);
    return true;
  }

  record(loggerOrder: number | null, timeElapsed?: number): Body {
    const names = [...new Set([...Object.keys(this.proportions), ...this.#bodies.keys()])];
    const steps = Object.fromEntries(names.map((name) => [name, this.#stepRecord(name)]));
    const order = this.#world.differs('own-order') ? this.orders[this.current ?? ''] : (loggerOrder ?? undefined);
    const current =
      this.current === null
        ? {}
        : { step: this.current, ...this.#bodies.get(this.current), ...(order !== undefined && { order }) };
    return {
      record: { steps, ...this.#unnamed },
      current_progress: {
        overall: this.#overall,
        ...current,
        ...(timeElapsed !== undefined && { time_elapsed: timeElapsed }),
      },
    };
  }

  #stepRecord(name: string): Body {
    const [proportion, order] = [this.proportions[name], this.orders[name]];
    return {
      ...(proportion !== undefined && { proportion }),
      ...(order !== undefined && { order }),
      ...this.#bodies.get(name),
    };
  }

  #take(step: string, body: Body, fraction: number): void {
    this.current = step;
    if (!this.#fixedShares.has(step)) this.#fixedShares.set(step, this.#shareOf(step));
    this.#bodies.set(step, body);
    this.#fractions.set(step, fraction);
    const overall = this.#world.differs('honest-overall')
      ? this.#honest()
      : this.#guessed(step, body['percent'] as number);
    this.#overall = Math.max(this.#overall, Math.min(100, pythonRound(overall, 2)));
  }

  #honest(): number {
    const total = pythonSum(Object.values(this.weights));
    if (total <= 0) return 0;
    const done = Object.entries(this.weights).map(([name, weight]) => weight * (this.#fractions.get(name) ?? 0));
    return (pythonSum(done) / total) * 100;
  }

  /** All steps that began earlier count in full. */
  #guessed(step: string, percent: number): number {
    const begun = [...this.#fixedShares.keys()];
    const earlier = begun.slice(0, begun.indexOf(step)).map((name) => this.#fixedShares.get(name) ?? 0);
    return earlier.reduce((sum, share) => sum + share, 0) + ((this.#fixedShares.get(step) ?? 0) * percent) / 100;
  }

  #shareOf(step: string): number {
    const own = this.proportions[step];
    if (own !== undefined) return own;
    const unused = Object.entries(this.proportions).filter(
      ([name]) => !this.#fixedShares.has(name) && !NEVER_IN_THE_POOL.includes(name),
    );
    const taken = [...this.#fixedShares].filter(([name]) => this.proportions[name] === undefined);
    const sum = (items: readonly (readonly [string, number])[]): number =>
      items.reduce((total, [, share]) => total + share, 0);
    const pool = sum(unused) - sum(taken);
    return pool >= 5 ? Math.max(5, pool / 2) : Math.max(2, pool);
  }
}
