import type { RunEvent, StepOutline } from '@synapse-steps/core';
import { metricReport } from '../views/metric-report.js';
import { Effects } from './effects.js';

/** A step that is running, as far as its events tell. */
export interface RunningStep {
  /** The name, or the path `parent/child`. */
  readonly name: string;
  readonly startedMs: number;
  /** 0 … 1 of the step's own work; undefined until it reports any. */
  fraction: number | undefined;
  /** `2 of 4`, and what the step says about it. */
  progress: string;
  metrics: Record<string, unknown>;
}

export interface RollbackState {
  /** Those to be undone, newest first. */
  readonly steps: readonly string[];
  readonly eligible: number;
  /** The steps whose undo has come to an end, by name. */
  readonly ended: Set<string>;
  /** The step whose undo is under way. */
  current: string | undefined;
}

/** What is known of a run at this moment: the fold of its events. All views, and Ctrl-C, look at this. */
export class RunState {
  workflow: string | undefined;
  steps: readonly StepOutline[] = [];
  /** The steps of the registry that are finished or skipped. */
  readonly finished = new Set<string>();
  readonly running = new Map<string, RunningStep>();
  readonly effects = new Effects();
  /** Whole percent; undefined while there is none, as when all weights are 0. */
  percent: number | undefined;
  fraction = 0;
  rollback: RollbackState | undefined;
  isCancelled = false;
  #remaining: { readonly ms: number; readonly atMs: number } | undefined;

  /** @param now Milliseconds of a clock that only goes forwards. */
  constructor(readonly now: () => number = () => performance.now()) {}

  /** How long the run still takes; undefined while that is not worth saying. */
  get remainingMs(): number | undefined {
    if (this.#remaining === undefined || this.rollback !== undefined) return undefined;
    return Math.max(0, this.#remaining.ms - (this.now() - this.#remaining.atMs));
  }

  apply(event: RunEvent): void {
    this.effects.apply(event);
    switch (event.type) {
      case 'run-start':
        this.workflow = event.workflow;
        this.steps = event.steps;
        if (event.steps.some(({ weight }) => weight > 0)) this.percent = 0;
        break;
      case 'run-cancel':
        this.isCancelled = true;
        break;
      case 'run-progress':
        this.percent = event.percent;
        this.fraction = event.fraction;
        this.#remaining = event.remainingMs === undefined ? undefined : { ms: event.remainingMs, atMs: this.now() };
        break;
      default:
        this.#applyToStep(event);
        this.#applyToRollback(event);
    }
  }

  #applyToStep(event: RunEvent): void {
    switch (event.type) {
      case 'step-start':
        this.running.set(event.step, newRunningStep(event.step, this.now()));
        break;
      case 'step-progress':
        this.#progress(event);
        break;
      case 'step-metric':
        this.#measured(event.step, event.metrics);
        break;
      case 'step-log':
        this.#measured(event.step, metricReport(event.event, event.data)?.metrics);
        break;
      case 'step-skip':
      case 'step-end':
        this.running.delete(event.step);
        if (this.steps.some(({ name }) => name === event.step)) this.finished.add(event.step);
        break;
      default:
    }
  }

  #measured(name: string, metrics: Readonly<Record<string, unknown>> = {}): void {
    const step = this.running.get(name);
    if (step) step.metrics = { ...step.metrics, ...metrics };
  }

  #progress(event: RunEvent & { readonly type: 'step-progress' }): void {
    const step = this.running.get(event.step);
    if (step === undefined) return;
    const { current, total, category, message } = event;
    const isOwn = category === event.step || event.step.endsWith(`/${category}`);
    if (isOwn) step.fraction = event.fraction;
    const counted = `${current} of ${total}${isOwn ? '' : ` ${category}`}`;
    step.progress = message === undefined ? counted : `${counted} ${message}`;
  }

  #applyToRollback(event: RunEvent): void {
    if (event.type === 'rollback-start') {
      this.rollback = { steps: event.steps, eligible: event.steps.length, ended: new Set(), current: undefined };
    }
    if (this.rollback === undefined) return;
    if (event.type === 'undo-start') this.rollback.current = event.step;
    if (event.type === 'undo-end') {
      this.rollback.current = undefined;
      this.rollback.ended.add(event.step);
    }
  }
}

function newRunningStep(name: string, startedMs: number): RunningStep {
  return { name, startedMs, fraction: undefined, progress: '', metrics: {} };
}
