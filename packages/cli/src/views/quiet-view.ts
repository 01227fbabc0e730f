import type { Output } from '../output/output.js';
import { printableLines } from '../output/printable-text.js';
import { summaryLines } from './summary-lines.js';
import type { RunOutcome, View } from './view.js';

/** Says nothing about a run that goes well; how one that does not has ended goes to stderr. */
export class QuietView implements View {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  onEvent(): void {
    // nothing: that is what quiet means
  }

  say(text: string): void {
    for (const line of printableLines(text)) this.#output.problem(line);
  }

  end(outcome: RunOutcome): void {
    const isFine = outcome.failure === undefined && outcome.report.rollback?.complete !== false;
    if (isFine) return;
    for (const { text } of summaryLines(outcome)) this.#output.problem(text);
  }
}
