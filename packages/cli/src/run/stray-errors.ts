import { errorMessage, type Orchestrator } from '@synapse-steps/core';

/**
 * Errors that no step waited for: a timer that throws, a promise that nobody awaited. Node would end the process there and
 * then, with everything that the run has done left lying about; here the run is cancelled and undone instead.
 */
export class StrayErrors {
  readonly #orchestrator: Orchestrator;
  readonly #say: (text: string) => void;
  readonly #onError = (error: unknown): void => this.#take(error);
  #hasAny = false;

  constructor(orchestrator: Orchestrator, say: (text: string) => void) {
    this.#orchestrator = orchestrator;
    this.#say = say;
    process.on('uncaughtException', this.#onError);
    process.on('unhandledRejection', this.#onError);
  }

  get hasAny(): boolean {
    return this.#hasAny;
  }

  stop(): void {
    process.removeListener('uncaughtException', this.#onError);
    process.removeListener('unhandledRejection', this.#onError);
  }

  #take(error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#say(`An error that no step was waiting for: ${stack ?? errorMessage(error)}`);
    if (this.#hasAny || this.#orchestrator.events.ended) return;
    this.#hasAny = true;
    this.#orchestrator.cancel(error);
  }
}
