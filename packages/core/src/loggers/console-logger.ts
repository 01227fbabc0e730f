import type { LogLevel } from '../events/run-event.js';
import type { Clock } from '../orchestrator/clock.js';
import { BaseLogger, type StepEnding } from './base-logger.js';
import type { LogEntry } from './log-entry.js';
import type { ProgressData } from './progress-book.js';

export interface ConsoleLoggerOptions {
  /** Where lines go. Default: `console.error` from `warning` upwards, `console.log` below. */
  readonly writeLine?: (line: string, level: LogLevel) => void;
  /** Lines below are left out. Default `info`. */
  readonly level?: LogLevel;
  readonly clock?: Clock;
}

const LOUDNESS: Record<LogLevel, number> = {
  debug: 0,
  info: 1,
  success: 1,
  warning: 2,
  danger: 3,
  error: 3,
  critical: 4,
};

/** One plain line for each thing that happened: `time LEVEL [step] event data`. Progress is shown at whole percents only. */
export class ConsoleLogger extends BaseLogger {
  readonly #writeLine: (line: string, level: LogLevel) => void;
  readonly #least: number;
  readonly #lastPercent = new Map<string | undefined, number>();

  constructor(options: ConsoleLoggerOptions = {}) {
    super(options);
    this.#writeLine = options.writeLine ?? toConsole;
    this.#least = LOUDNESS[options.level ?? 'info'];
  }

  protected override write({ level, event, data, step, file }: LogEntry): void {
    const isText = event === 'message' || event === 'debug';
    const text = isText && typeof data['content'] === 'string' ? data['content'] : `${event}${dataText(data)}`;
    this.#print(file === undefined ? text : `${text} (${file})`, level, step);
  }

  protected override onProgress({ percent, status, timeRemaining }: ProgressData, step: string | undefined): void {
    if (status === 'failed') return this.#print('failed', 'error', step);
    const whole = Math.floor(percent);
    if (this.#lastPercent.get(step) === whole) return;
    this.#lastPercent.set(step, whole);
    this.#print(`${whole} %${timeRemaining === null ? '' : `, ${timeRemaining} s left`}`, 'info', step);
  }

  protected override onMetrics(step: string, metrics: Readonly<Record<string, unknown>>): void {
    this.#print(`metrics${dataText(metrics)}`, 'info', step);
  }

  protected override onStepEnd(step: string, ending: StepEnding): void {
    this.#print(ending, ending === 'completed' || ending === 'skipped' ? 'success' : 'error', step);
  }

  #print(text: string, level: LogLevel, step: string | undefined): void {
    if (LOUDNESS[level] < this.#least) return;
    const where = step === undefined ? '' : `[${step}] `;
    this.#writeLine(`${this.clock.timestamp()} ${level.toUpperCase()} ${where}${text}`, level);
  }
}

function toConsole(line: string, level: LogLevel): void {
  if (LOUDNESS[level] >= LOUDNESS.warning) console.error(line);
  else console.log(line);
}

/** Data as JSON; what is none (a cycle, a bigint) is named instead, because a log line may not break its step. */
function dataText(data: object): string {
  if (Object.keys(data).length === 0) return '';
  try {
    return ` ${JSON.stringify(data)}`;
  } catch (error) {
    return ` (data that cannot be shown: ${error instanceof Error ? error.message : String(error)})`;
  }
}
