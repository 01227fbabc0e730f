import { EXIT } from '../exit-codes.js';
import { printable } from '../output/printable-text.js';
import { shortJson } from '../output/short-json.js';
import type { StepEffect } from './effects.js';
import type { RunState } from './run-state.js';
import { whereOf } from './where-of.js';

/**
 * Steps of the user live in this process and can end it. While a run is under way that is no way to succeed: it is told
 * what was left, and the exit code says so.
 */
export class ExitGuard {
  readonly #state: RunState;
  readonly #say: (text: string) => void;
  readonly #onExit = (): void => this.#take();
  readonly #onIdle = (): void => void (this.#isIdle = true);
  /** Nothing can wake this process any more; that is not so when somebody ends it. */
  #isIdle = false;
  #code: number | undefined;

  constructor(state: RunState, say: (text: string) => void) {
    this.#state = state;
    this.#say = say;
    process.prependListener('exit', this.#onExit); // before a terminal view gives the terminal back
    process.on('beforeExit', this.#onIdle);
  }

  /** The run is over: whoever ends the process from now on, this is its exit code. */
  runEnded(code: number): void {
    this.#code = code;
  }

  stop(): void {
    process.removeListener('exit', this.#onExit);
    process.removeListener('beforeExit', this.#onIdle);
  }

  #take(): void {
    process.exitCode = this.#code ?? EXIT.leftBehind;
    if (this.#code === undefined) this.#say(endedEarly(this.#state, this.#isIdle).join('\n'));
  }
}

function endedEarly(state: RunState, isIdle: boolean): string[] {
  const why = isIdle ? 'it waits for something that can no longer happen.' : 'something in it called process.exit().';
  return [
    `This process ended before its run did, ${whereOf(state)}: ${why}`,
    ...leftLines(state),
    'Undo that by hand: nothing does it later. In a step, throw or return StepResult.fail(…) instead of ending the process; the run is undone then.',
  ];
}

/** What nobody has undone, each step with the undo data that it had saved. */
function leftLines({ effects }: RunState): string[] {
  const { open, undone } = effects;
  const width = Math.max(...open.map(({ name }) => name.length), 0);
  return [
    undone.length === 0 ? 'Nothing was undone.' : `Undone: ${undone.join(', ')}. Not undone:`,
    ...open.map((effect) => `  ${effect.name.padEnd(width)}  ${leftText(effect)}`),
  ].map(printable);
}

function leftText({ status, undoData }: StepEffect): string {
  return `${status}, ${undoData === undefined ? 'had saved no undo data' : `undo data: ${shortJson(undoData)}`}`;
}
