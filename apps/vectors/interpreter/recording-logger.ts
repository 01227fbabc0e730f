import { BaseLogger, type LogEntry, type ProgressData } from '@synapse-steps/core';
import type { Trace } from './trace.js';

/** Notes what reaches the hooks of the logger contract. */
export class RecordingLogger extends BaseLogger {
  readonly #trace: Trace;

  constructor(trace: Trace) {
    super({ clock: trace.clock });
    this.#trace = trace;
  }

  protected override write({ event, data, level, step, file }: LogEntry): void {
    this.#trace.logger.push({ log: event, data, level, step: step ?? null, file: file ?? null });
  }

  protected override onProgress({ percent, status }: ProgressData, step: string | undefined): void {
    this.#trace.logger.push({ progress: percent, step: step ?? null, status });
  }

  protected override onMetrics(step: string, metrics: Readonly<Record<string, unknown>>): void {
    this.#trace.logger.push({ metrics: structuredClone(metrics), step });
  }

  protected override onFinish(): void {
    this.#trace.logger.push({ finish: true });
  }
}
