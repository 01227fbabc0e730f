import type { RunEvent } from '@synapse-steps/core';
import { createLogUpdate } from 'log-update';
import colors from 'picocolors';
import type { Output } from '../output/output.js';
import { printableLines } from '../output/printable-text.js';
import type { RunState } from '../run/run-state.js';
import { eventLines, type Tone, type ViewLine } from './event-lines.js';
import { frameLines } from './frame-lines.js';
import { summaryLines } from './summary-lines.js';
import type { RunOutcome, View } from './view.js';

const FRAME_MS = 80;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/**
 * Shows a run on a terminal: lines that stay, and below them bars that are drawn anew. Events only leave a note here; a
 * timer draws, so that a run with ten thousand events a second is not slowed by its own picture.
 */
export class TerminalView implements View {
  readonly #terminal: NodeJS.WriteStream;
  readonly #drawBars: ReturnType<typeof createLogUpdate>;
  readonly #timer: NodeJS.Timeout;
  readonly #stopDiverting: () => void;
  readonly #showCursor = (): void => void this.#terminal.write(SHOW_CURSOR);
  #lines: string[] = [];
  #state: RunState | undefined;
  #printed = '';

  constructor(output: Output) {
    this.#terminal = output.terminal();
    this.#drawBars = createLogUpdate(this.#terminal, { showCursor: true });
    this.#stopDiverting = output.divert((text) => this.#takePrinted(text));
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
    this.#timer.unref();
    process.once('exit', this.#showCursor); // whatever ends this process, the user's shell wants its cursor
    this.#terminal.write(HIDE_CURSOR);
  }

  onEvent(event: RunEvent, state: RunState): void {
    this.#state = state;
    for (const line of eventLines(event)) this.#lines.push(coloured(line));
  }

  say(text: string): void {
    for (const line of printableLines(text)) this.#lines.push(colors.bold(line));
    this.#draw();
  }

  end(outcome: RunOutcome): void {
    clearInterval(this.#timer);
    this.#stopDiverting();
    if (this.#printed !== '') this.#takePrinted('\n');
    this.#state = undefined;
    this.#lines.push(...summaryLines(outcome).map(coloured));
    this.#draw();
    this.#showCursor();
    process.removeListener('exit', this.#showCursor);
  }

  /** What a step printed with `console.log` in this process; only whole lines are shown. */
  #takePrinted(text: string): void {
    const parts = (this.#printed + text).split('\n');
    this.#printed = parts.pop() ?? '';
    for (const part of parts) this.#lines.push(...printableLines(part));
  }

  #draw(): void {
    const lines = this.#lines.splice(0);
    if (lines.length > 0) {
      this.#drawBars.clear();
      this.#terminal.write(`${lines.join('\n')}\n`);
    }
    if (this.#state === undefined) this.#drawBars.clear();
    else this.#drawBars(frameLines(this.#state, this.#terminal.columns).join('\n'));
  }
}

function coloured({ tone, text }: ViewLine): string {
  return text === '' ? text : PAINT[tone](text);
}

const PAINT: Readonly<Record<Tone, (text: string) => string>> = {
  good: colors.green,
  bad: colors.red,
  warning: colors.yellow,
  quiet: colors.dim,
  normal: String,
};
