import { errorMessage, type BaseLogger, type LogEntry, type RunEvent, type StepOutline } from '@synapse-steps/core';
import type { Expectation, StepRecord } from '../cases/action-vector.js';
import type { LogRecord } from './brief.js';

type Told = Pick<Expectation, 'steps' | 'rolled_back'> & {
  readonly progress: NonNullable<Expectation['progress']>;
  readonly metrics: NonNullable<Expectation['metrics']>;
};

/**
 * Makes of a run's events what the vectors write down. The SDK says that a step is at its end by a progress of 100 of 100;
 * ours says so by the event of that end.
 */
export class RunRecorder implements Told {
  readonly rolled_back: string[] = [];
  readonly progress: Told['progress'] = [];
  readonly metrics: Told['metrics'] = [];
  readonly logs: LogRecord[] = [];
  readonly #steps = new Map<string, StepRecord>();
  readonly #undo = new Map<string, Record<string, unknown>>();
  readonly #factsOf: FactsOf;
  readonly #undoFactsOf: FactsOf;

  /**
   * @param factsOf what a step that succeeded had to tell, made of its data
   * @param undoFactsOf what its undo would need, made of what it saved for that
   */
  constructor(factsOf: FactsOf, undoFactsOf: FactsOf) {
    this.#factsOf = factsOf;
    this.#undoFactsOf = undoFactsOf;
  }

  get steps(): StepRecord[] {
    return [...this.#steps.values()];
  }

  /** Listens to what a logger is told. */
  listenTo(logger: BaseLogger): void {
    const read = logger.readEvent.bind(logger);
    logger.readEvent = (event) => {
      this.#read(event);
      read(event);
    };
  }

  note({ step, level, event, data, file }: LogEntry): void {
    const entry = { step: step ?? null, level, event, data };
    this.logs.push(file === undefined ? entry : { ...entry, file });
  }

  #read(event: RunEvent): void {
    switch (event.type) {
      case 'run-start':
        return this.#begin(event.steps);
      case 'step-progress':
        return void this.progress.push([event.category, event.current, event.total]);
      case 'step-metric':
        return void this.metrics.push([event.category, structuredClone(event.metrics) as Record<string, never>]);
      case 'step-skip':
        return this.#end(event.step, { name: event.step, outcome: 'skipped' });
      case 'undo-saved':
        return void this.#undo.set(event.step, { ...this.#undo.get(event.step), ...event.data });
      case 'step-end':
        return this.#end(event.step, this.#endOf(event));
      case 'undo-end':
        return void (this.rolled_back.includes(event.step) || this.rolled_back.push(event.step));
      default:
        return;
    }
  }

  #endOf(event: Extract<RunEvent, { type: 'step-end' }>): StepRecord {
    const { step, status, data: told = {}, rollbackData, error } = event;
    const data = status === 'completed' ? this.#factsOf(step, told) : told;
    const undo = this.#undoFactsOf(step, { ...this.#undo.get(step), ...rollbackData });
    return {
      name: step,
      outcome: status === 'completed' ? 'completed' : 'failed',
      ...(error !== undefined && { error: errorMessage(error) }),
      ...(hasKeys(data) && { data: structuredClone(data) as NonNullable<StepRecord['data']> }),
      ...(hasKeys(undo) && { rollback_data: structuredClone(undo) as NonNullable<StepRecord['data']> }),
    };
  }

  #begin(steps: readonly StepOutline[]): void {
    for (const { name } of steps) this.#steps.set(name, { name, outcome: 'not-run' });
  }

  #end(name: string, record: StepRecord): void {
    this.#steps.set(name, record);
    if (record.outcome !== 'failed') this.progress.push([name, 100, 100]);
  }
}

type FactsOf = (step: string, data: Readonly<Record<string, unknown>>) => object;

function hasKeys(value: object | undefined): value is object {
  return value !== undefined && Object.keys(value).length > 0;
}
