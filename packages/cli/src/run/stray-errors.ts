import { errorMessage, type Orchestrator } from '@synapse-steps/core';
import type { RunState } from './run-state.js';
import { StrayError } from './stray-error.js';
import { whereOf } from './where-of.js';

export interface StrayErrorsOptions {
  readonly orchestrator: Orchestrator;
  readonly state: RunState;
  readonly say: (text: string) => void;
}

/**
 * Errors that no step waited for: a timer that throws, a promise that nobody awaited. Node would end the process there and
 * then, with everything that the run has done left lying about; here the run is cancelled and undone instead.
 */
export class StrayErrors {
  readonly #options: StrayErrorsOptions;
  readonly #onError = (error: unknown): void => this.#take(error);
  #hasAny = false;

  constructor(options: StrayErrorsOptions) {
    this.#options = options;
    process.on('uncaughtException', this.#onError);
    process.on('unhandledRejection', this.#onError);
  }

  stop(): void {
    process.removeListener('uncaughtException', this.#onError);
    process.removeListener('unhandledRejection', this.#onError);
  }

  #take(error: unknown): void {
    const { orchestrator, state, say } = this.#options;
    const stack = error instanceof Error ? error.stack : undefined;
    say(`An error that no step was waiting for: ${stack ?? errorMessage(error)}`);
    if (this.#hasAny || orchestrator.events.ended) return;
    this.#hasAny = true;
    orchestrator.cancel(new StrayError(error, whereOf(state)));
  }
}
