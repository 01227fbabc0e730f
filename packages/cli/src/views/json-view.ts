import type { RunEvent } from '@synapse-steps/core';
import type { Output } from '../output/output.js';
import { printableJson } from '../output/printable-json.js';
import { printableLines } from '../output/printable-text.js';
import type { RunOutcome, View } from './view.js';

/** Shows a run to programs: each line on stdout is one run event. What is for people goes to stderr. */
export class JsonView implements View {
  readonly #output: Output;

  constructor(output: Output) {
    this.#output = output;
  }

  onEvent(event: RunEvent): void {
    this.#output.write(`${printableJson(event)}\n`);
  }

  say(text: string): void {
    for (const line of printableLines(text)) this.#output.problem(line);
  }

  end({ failure, result }: RunOutcome): void {
    if (result !== undefined) this.say(`result: ${printableJson(result)}`);
    if (failure !== undefined) this.say(failure);
  }
}
