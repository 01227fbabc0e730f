import type { StepOutline } from '../events/run-event.js';
import { compensatedSum } from '../progress/compensated-sum.js';
import { StepUsageError } from '../step/step-error.js';
import type { JobProgressRecord, JobStepProgress } from './job-client.js';
import { percentShares } from './percent-shares.js';
import type { ProgressData } from './progress-book.js';
import { roundHalfEven } from './round-half-even.js';

interface Reported {
  readonly fraction: number;
  readonly body: JobStepProgress;
}

/**
 * The progress of a whole job: the sum of what each step has reported of its share, divided by all shares. It never
 * falls. A step without a share is shown, and moves nothing: nobody knows how much of the job it is.
 */
export class JobProgress {
  #weights = new Map<string, number>();
  #proportions: Readonly<Record<string, number>> = {};
  readonly #orders = new Map<string, number>();
  readonly #reported = new Map<string, Reported>();
  #unnamed: JobStepProgress | undefined;
  #current: string | undefined;
  #overall = 0;

  /** @throws StepUsageError once a step has reported. */
  setProportions(proportions: Readonly<Record<string, number>>, orders: Readonly<Record<string, number>> = {}): void {
    if (this.#current !== undefined) {
      throw new StepUsageError(
        'progress_started',
        `The step '${this.#current}' has reported progress already, so the proportions are fixed. Set them before the first report.`,
      );
    }
    this.#weights = new Map(Object.entries(proportions));
    this.#proportions = { ...proportions };
    this.#unnamed = undefined;
    this.#orders.clear();
    for (const [step, order] of Object.entries(orders)) this.#orders.set(step, order);
  }

  /** Takes shares and places from a run, unless somebody has set some, or progress has begun. */
  adopt(steps: readonly StepOutline[]): void {
    steps.forEach(({ name }, index) => this.#orders.set(name, index));
    if (this.#weights.size > 0 || this.#current !== undefined) return;
    const declared = steps.flatMap(({ name, proportion }): [string, number][] =>
      proportion === undefined ? [] : [[name, proportion]],
    );
    this.#weights = new Map(declared.length > 0 ? declared : steps.map(({ name, weight }) => [name, weight]));
    this.#proportions = declared.length > 0 ? Object.fromEntries(declared) : percentShares(steps);
  }

  setOrder(step: string, order: number): void {
    this.#orders.set(step, order);
  }

  report(step: string | undefined, progress: ProgressData): void {
    const { percent, timeRemaining, status, fraction } = progress;
    const body = { percent, time_remaining: timeRemaining, ...(status === 'failed' && { status }) };
    if (step === undefined) this.#unnamed = body;
    else this.#take(step, { fraction, body });
  }

  /** The step has done its share. False when that was known. */
  complete(step: string): boolean {
    const known = this.#reported.get(step);
    if (known?.fraction === 1 && known.body.status === undefined && this.#current === step) return false;
    this.#take(step, { fraction: 1, body: { percent: 100, time_remaining: 0 } });
    return true;
  }

  toRecord(timeElapsed?: number): JobProgressRecord {
    const names = new Set([...Object.keys(this.#proportions), ...this.#reported.keys()]);
    const steps = Object.fromEntries([...names].map((name) => [name, this.#stepRecord(name)]));
    const current = this.#current === undefined ? {} : { step: this.#current, ...this.#currentBody(this.#current) };
    return {
      record: { steps, ...this.#unnamed },
      current_progress: {
        overall: this.#overall,
        ...current,
        ...(timeElapsed !== undefined && { time_elapsed: timeElapsed }),
      },
    };
  }

  #take(step: string, reported: Reported): void {
    this.#current = step;
    this.#reported.set(step, reported);
    const total = compensatedSum(this.#weights.values());
    if (!(total > 0)) return;
    const done = [...this.#weights].map(([name, weight]) => weight * (this.#reported.get(name)?.fraction ?? 0));
    this.#overall = Math.max(this.#overall, roundHalfEven((compensatedSum(done) / total) * 100, 2));
  }

  #stepRecord(name: string): JobStepProgress {
    const proportion = this.#proportions[name];
    return { ...(proportion !== undefined && { proportion }), ...this.#currentBody(name) };
  }

  #currentBody(name: string): JobStepProgress {
    const order = this.#orders.get(name);
    return { ...(order !== undefined && { order }), ...this.#reported.get(name)?.body };
  }
}
