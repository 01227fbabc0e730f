import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { RunEvent } from '../events/run-event.js';
import type { RunEventStream } from '../events/run-event-stream.js';
import { toJsonEvent } from '../events/to-json-event.js';
import type { Clock } from '../orchestrator/clock.js';
import type { RunJournal } from './run-journal.js';

/** Thrown at the step, or the undo, that could not be recorded. */
export class JournalWriteError extends SynapseStepsError {
  constructor(cause: unknown) {
    super({
      code: 'journal_write_failed',
      message: 'The journal could not be written, so the run must not go on. Look at the cause, then resume the run.',
      cause,
      retryable: false,
    });
  }
}

/** How long an event that nobody waits for (progress, logs, metrics) may stay unwritten. */
const BACKGROUND_MS = 200;

/**
 * Puts a run's events into its journal. What must be durable is waited for by {@link flush}; the rest is written with it,
 * or a moment later. Writes are one at a time and in order, so the journal has no gaps.
 */
export class JournalWriter {
  readonly #journal: RunJournal;
  readonly #waiting: RunEvent[] = [];
  #writing: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(journal: RunJournal, events: RunEventStream, clock: Clock) {
    this.#journal = journal;
    events.subscribe((event) => {
      this.#waiting.push(toJsonEvent(event));
      this.#stopTimer ??= clock.after(BACKGROUND_MS, () => this.#writeInBackground());
    });
  }

  /** Resolves once everything emitted until now is stored. @throws JournalWriteError */
  async flush(): Promise<void> {
    const last = this.#waiting.at(-1);
    while (last !== undefined && this.#waiting.includes(last)) {
      try {
        await (this.#writing ??= this.#write());
      } catch (error) {
        throw new JournalWriteError(error);
      }
    }
  }

  /** Lets go of the timer. */
  dispose(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #write(): Promise<void> {
    this.dispose();
    const batch = [...this.#waiting];
    try {
      await this.#journal.append(batch);
      this.#waiting.splice(0, batch.length);
    } finally {
      this.#writing = undefined;
    }
  }

  #writeInBackground(): void {
    this.#stopTimer = undefined;
    if (this.#writing !== undefined || this.#waiting.length === 0) return;
    this.#writing = this.#write();
    // What could not be written stays in line; whoever next waits for it gets the error.
    this.#writing.catch(() => {});
  }
}
