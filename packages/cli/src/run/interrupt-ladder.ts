import type { Orchestrator } from '@synapse-steps/core';
import { EXIT } from '../exit-codes.js';
import { formatDuration } from '../output/duration.js';
import { InterruptedError } from './interrupted-error.js';
import type { RunState } from './run-state.js';

export interface InterruptLadderOptions {
  readonly orchestrator: Orchestrator;
  readonly state: RunState;
  readonly say: (text: string) => void;
  /** Ends the process without waiting for anything. */
  readonly exit: (code: number) => void;
}

/**
 * What Ctrl-C does. The first cancels the run and lets it undo itself; the second only says what is going on, because a
 * rollback that is cut off leaves things behind; the third abandons it; a fourth ends the process as it is.
 */
export class InterruptLadder {
  readonly #options: InterruptLadderOptions;
  readonly #onInterrupt = (): void => this.interrupt();
  readonly #onTerminate = (signal: NodeJS.Signals): void => this.terminate(signal);
  readonly #stopReading: () => void;
  #interrupts = 0;
  #isAbandoned = false;

  constructor(options: InterruptLadderOptions) {
    this.#options = options;
    this.#stopReading = options.orchestrator.events.subscribe(({ type }) => {
      if (type === 'rollback-start' && this.#isAbandoned) options.orchestrator.abandon();
    });
    process.on('SIGINT', this.#onInterrupt);
    process.on('SIGTERM', this.#onTerminate);
    process.on('SIGHUP', this.#onTerminate);
  }

  /** One Ctrl-C. */
  interrupt(): void {
    const { orchestrator, state, say, exit } = this.#options;
    this.#interrupts += 1;
    if (orchestrator.events.ended && this.#interrupts < 3) return say('The run is over; plugins are being ended.');
    if (this.#interrupts === 1 && !state.isCancelled) return this.#cancel('SIGINT');
    if (this.#interrupts <= 2)
      return say(`${activity(state)} Ctrl-C once more gives up: what is not undone by then stays.`);
    if (this.#interrupts === 3) return this.#abandon();
    say(`Ended at once. ${leftovers(state)}`);
    exit(EXIT.leftBehind);
  }

  /** SIGTERM, or the terminal is gone: the same as the first Ctrl-C, however often it comes. */
  terminate(signal: string): void {
    if (!this.#options.orchestrator.events.ended && !this.#options.state.isCancelled) this.#cancel(signal);
  }

  /** Leaves the signals to whoever comes next. */
  stop(): void {
    this.#stopReading();
    process.removeListener('SIGINT', this.#onInterrupt);
    process.removeListener('SIGTERM', this.#onTerminate);
    process.removeListener('SIGHUP', this.#onTerminate);
  }

  #cancel(signal: string): void {
    const { orchestrator, say } = this.#options;
    say('Cancelling: what was done is being undone. Ctrl-C again says what is happening.');
    orchestrator.cancel(new InterruptedError(signal));
  }

  #abandon(): void {
    const { orchestrator, state, say } = this.#options;
    this.#isAbandoned = true;
    say(`Giving up. ${leftovers(state)}`);
    orchestrator.abandon();
  }
}

function activity(state: RunState): string {
  const { rollback } = state;
  if (rollback === undefined) {
    const waiting = [...state.running.values()].map(
      ({ name, startedMs }) => `'${name}' (running ${formatDuration(state.now() - startedMs)})`,
    );
    if (waiting.length === 0) return 'The run is about to stop.';
    return `Waiting for ${waiting.join(', ')} to stop; a step that does not is given up after its grace of some seconds.`;
  }
  const now = rollback.current === undefined ? '' : ` Now: '${rollback.current}'.`;
  return `Undoing: ${rollback.ended.size} of ${rollback.eligible} steps are done.${now}`;
}

function leftovers(state: RunState): string {
  const { rollback } = state;
  if (rollback === undefined) return 'Nothing has been undone yet: whatever the steps did so far stays.';
  const open = rollback.steps.filter((name) => !rollback.ended.has(name));
  return open.length === 0 ? 'Everything had been undone.' : `Not undone: ${open.join(', ')}.`;
}
