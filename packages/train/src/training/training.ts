import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { MetricReport } from './measured-metrics.js';
import { bestOf, MetricMonitor, type BestValue, type MonitorOptions } from './metric-monitor.js';
import type { SavedCheckpoint } from './saved-checkpoint.js';

/**
 * What of a training lives in this process only: how its metric goes, and whether it is to stop; and its checkpoints once
 * more, because to look at those of the context is to have them compared from then on. A trainer is asked to stop,
 * never made to: it ends its epoch, and what it returns is the result of the training, as if it had been the last one.
 */
export class Training {
  #monitor: MetricMonitor | undefined;
  #isUnderWay = false;
  #saved: SavedCheckpoint[] = [];
  readonly #epochs = new Map<string, number>();
  /** Why somebody asked for an end, and why the metric does. */
  #asked: string | undefined;
  #exhausted: string | undefined;
  #folder: string | undefined;

  /** The training begins, or goes on where another host had stopped. */
  begin(monitor: MonitorOptions | undefined, saved: readonly SavedCheckpoint[] = []): void {
    this.#isUnderWay = true;
    this.#saved = [...saved];
    this.#monitor = monitor && new MetricMonitor(monitor, bestBefore(saved, monitor));
    this.#epochs.clear();
    this.#exhausted = undefined; // another attempt has its own chance
  }

  /** The epoch of a report that does not name one. */
  nextEpoch(category: string): number {
    return (this.#epochs.get(category) ?? 0) + 1;
  }

  /** Takes a report. @returns why the trainer is asked to stop, if it is for this very report */
  take(report: MetricReport): string | undefined {
    this.#epochs.set(report.category, report.epoch);
    const reason = this.#monitor?.take(report);
    if (reason === undefined || this.stopReason !== undefined) return undefined;
    this.#exhausted = reason;
    this.#writeStop();
    return reason;
  }

  /** What was saved, oldest first. */
  get saved(): readonly SavedCheckpoint[] {
    return this.#saved;
  }

  /** Takes a checkpoint. @returns the place of the one that it was written over, or -1 */
  keep(checkpoint: SavedCheckpoint): number {
    const before = this.#saved.findIndex(({ path }) => path === checkpoint.path);
    if (before >= 0) this.#saved.splice(before, 1);
    this.#saved.push(checkpoint);
    return before;
  }

  /** The checkpoint with the best value of the monitored metric. */
  get bestSaved(): SavedCheckpoint | undefined {
    return this.monitor && bestOf(this.#saved, this.monitor);
  }

  /** Whether the step that trains is at work. */
  get isUnderWay(): boolean {
    return this.#isUnderWay;
  }

  /** What says how good a model is. */
  get monitor(): MonitorOptions | undefined {
    return this.#monitor?.options;
  }

  get best(): BestValue | undefined {
    return this.#monitor?.best;
  }

  /** Asks the trainer to stop. The first reason counts. */
  requestStop(reason: string): void {
    this.#asked ??= reason;
    this.#writeStop();
  }

  /** Why the trainer is asked to stop; undefined while it is not. */
  get stopReason(): string | undefined {
    const known = this.#asked ?? this.#exhausted;
    if (known !== undefined || this.#folder === undefined) return known;
    if (existsSync(this.stopFile)) this.#asked = `${this.stopFile} was made`;
    return this.#asked;
  }

  /** A file that is there once the trainer is asked to stop: for trainers in other processes, in any language. */
  get stopFile(): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), 'synapse-steps-train-'));
      this.#writeStop();
    }
    return join(this.#folder, 'stop');
  }

  /** The training is over; nobody looks for the file any more. */
  end(): void {
    this.#isUnderWay = false;
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }

  #writeStop(): void {
    const reason = this.#asked ?? this.#exhausted;
    if (this.#folder !== undefined && reason !== undefined) writeFileSync(join(this.#folder, 'stop'), `${reason}\n`);
  }
}

/** What an earlier host had seen of the same training. */
function bestBefore(saved: readonly SavedCheckpoint[], monitor: MonitorOptions): BestValue | undefined {
  const best = bestOf(saved, monitor);
  const value = best?.metrics?.[monitor.metric];
  return typeof value === 'number' ? { value, epoch: best?.epoch ?? 0 } : undefined;
}
