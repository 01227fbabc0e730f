import type { Json } from '../cases/vector-file.js';
import { PythonError, pythonsOwn } from './python-error.js';
import { pythonRound } from './python-text.js';
import type { World } from './world.js';

export interface ModelProgress {
  readonly percent: number;
  readonly time_remaining: number | null;
  readonly elapsed_time: number | null;
  readonly status: 'running' | 'failed';
}

export interface ModelEntry {
  readonly event: string;
  readonly data: Json;
  readonly level: string | null;
  readonly step: string | null;
  readonly file: string | null;
}

type Metrics = Record<string, Json>;

const LEVELS = ['debug', 'info', 'success', 'warning', 'danger', 'error', 'critical'];

/** The SDK's BaseLogger. */
export class ModelLogger {
  step: string | null = null;
  order: number | null = null;
  readonly metrics: Record<string, Metrics> = {};
  readonly #progress = new Map<string, ModelProgress>();
  readonly #clocks = new Map<string, { readonly start: number; readonly fraction: number }>();
  #finished = false;

  constructor(protected readonly world: World) {}

  setStep(step: string | null, order: number | null = null): void {
    this.#checkName(step);
    this.step = step;
    this.order = step === null ? null : order;
  }

  /** @param level null for the kinds of entries that have none */
  log(entry: { event: string; data: Json; level?: string | null; file?: string | null; step?: string | null }): void {
    if (this.#isClosed()) return;
    const { event, data, level = 'info', file = null, step = this.step } = entry;
    checkLevel(level, this.world);
    checkMapping(data, 'data', this.world);
    this.#checkName(step ?? this.step);
    this.emit({ event, data, level, step: step ?? this.step, file });
  }

  setProgress(current: number, total: number, step: string | null = null): void {
    if (this.#isClosed()) return;
    const name = step ?? this.step;
    this.#checkName(name);
    checkProgress(current, total, { who: name === null ? 'Somebody' : `The step '${name}'`, world: this.world });
    this.onProgress(this.#report(name, current, total), { step: name, fraction: current / total });
  }

  /** Ours: the logger reads the run's events, so it knows when a step begins. */
  begin(step: string): void {
    this.#clocks.set(keyOf(step), { start: this.world.seconds, fraction: 0 });
  }

  setProgressFailed(step: string | null = null): void {
    if (this.#isClosed()) return;
    const name = this.world.differs('one-step-rule') ? (step ?? this.step) : step;
    this.#checkName(name);
    const clock = this.#clocks.get(keyOf(name));
    const elapsed = clock ? pythonRound(this.world.seconds - clock.start, 2) : null;
    const progress: ModelProgress = { percent: 0, time_remaining: null, elapsed_time: elapsed, status: 'failed' };
    this.#progress.set(keyOf(name), progress);
    this.onProgress(progress, { step: name, fraction: 0 });
  }

  setMetrics(value: Json, step: string | null = null): void {
    if (this.#isClosed()) return;
    checkMapping(value, 'value', this.world);
    const name = step ?? this.step;
    this.#checkName(name);
    if (name === null || name === '') {
      throw this.world.refusal('ValueError', {
        sdk: 'step must be specified or set via set_step()',
        ours: 'Metrics belong to a step, and none is running. Name one.',
      });
    }
    this.metrics[name] = { ...this.metrics[name], ...(value as Metrics) };
    this.onMetrics(name, structuredClone(this.metrics[name]));
  }

  getProgress(step: string | null = null): ModelProgress | null {
    return this.#progress.get(keyOf(step)) ?? null;
  }

  finish(): void {
    this.#finished = true;
    this.onFinish();
  }

  get isFinished(): boolean {
    return this.#finished;
  }

  onStepEnd(_step: string, _failed: boolean): void {}

  protected emit({ event, data, level, step, file }: ModelEntry): void {
    this.world.entries.push({ log: event, data: structuredClone(data), level, step, file });
  }

  protected onProgress({ percent, status }: ModelProgress, { step }: { step: string | null; fraction: number }): void {
    this.world.entries.push({ progress: percent, step, status });
  }

  protected onMetrics(step: string, metrics: Metrics): void {
    this.world.entries.push({ metrics, step });
  }

  protected onFinish(): void {
    this.world.entries.push({ finish: true });
  }

  #report(step: string | null, current: number, total: number): ModelProgress {
    const key = keyOf(step);
    const now = this.world.seconds;
    const known = this.#clocks.get(key);
    const clock = known && current !== 0 ? known : { start: now, fraction: current / total };
    this.#clocks.set(key, clock);
    const elapsed = now - clock.start;
    const progress: ModelProgress = {
      percent: pythonRound((current / total) * 100, 2),
      time_remaining: current === 0 ? null : this.#remaining(elapsed, [current, total], clock.fraction),
      elapsed_time: pythonRound(elapsed, 2),
      status: 'running',
    };
    this.#progress.set(key, progress);
    return progress;
  }

  #remaining(elapsed: number, [current, total]: [number, number], startFraction: number): number | null {
    if (!this.world.differs('honest-remaining-time')) return pythonRound((elapsed / current) * (total - current), 2);
    if (current === total) return 0;
    const measured = current - startFraction * total;
    return elapsed > 0 && measured > 0 ? pythonRound((elapsed / measured) * (total - current), 2) : null;
  }

  #isClosed(): boolean {
    if (!this.#finished) return false;
    if (this.world.differs('closed-log')) return true;
    throw new PythonError('RuntimeError', 'Cannot log to a finished logger');
  }

  #checkName(step: string | null): void {
    checkName(step, this.world);
  }
}

function keyOf(step: string | null): string {
  return step === null || step === '' ? '__default__' : step;
}

/** Ours refuses an empty name; so does the SDK for metrics, later and in other words. */
export function checkName(step: string | null | undefined, world: World): void {
  if (step !== '' || !world.differs('one-step-rule')) return;
  throw new PythonError('ValueError', 'The name of a step (a category) is empty. Leave it out, or name one.');
}

export function checkLevel(level: string | null, world: World): void {
  if (level === null || LEVELS.includes(level)) return;
  throw world.refusal('ValueError', {
    sdk: `'${level}' is not a valid LogLevel`,
    ours: `'${level}' is no log level. Use one of: ${LEVELS.join(', ')}.`,
  });
}

export function checkMapping(value: Json, what: 'data' | 'value', world: World): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  const found = value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
  throw world.refusal('TypeError', {
    sdk: `${what} must be a dict, got <python>`,
    ours:
      what === 'data'
        ? `The data of a log line must be an object, got ${found}.`
        : `Metrics must be an object of names and values, got ${found}.`,
  });
}

export function checkProgress(
  current: number,
  total: number,
  { who, world }: { readonly who: string; readonly world: World },
): void {
  const ours = `${who} reported the progress ${current} of ${total}. The total must be above 0, and the current value 0 … total.`;
  if (total <= 0) throw world.refusal('ValueError', { sdk: `total must be > 0, got ${total}`, ours });
  if (current >= 0 && current <= total) return;
  throw world.refusal('ValueError', { sdk: `current must be between 0 and ${total}, got ${current}`, ours });
}

/** What the modelled context writes to: a logger, nothing, or something that is no logger. */
export type ModelSink = ModelLogger | null | 'bare';

/** The logger; without one the SDK fails, and ours says nothing. */
export function loggerOf(sink: ModelSink, world: World): ModelLogger | undefined {
  if (sink instanceof ModelLogger) return sink;
  if (world.differs('logger-is-optional')) return undefined;
  throw pythonsOwn();
}
