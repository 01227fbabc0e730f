import type { RunEvent } from '@synapse-steps/core';
import { counted } from '../output/counted.js';
import type { Output } from '../output/output.js';
import { printableLines } from '../output/printable-text.js';
import type { RunState } from '../run/run-state.js';
import { eventLines, shortPairs } from './event-lines.js';
import { summaryLines } from './summary-lines.js';
import type { RunOutcome, View } from './view.js';

/** Shows a run in plain lines: for a file, a pipe, a log of a CI system. */
export class PlainView implements View {
  readonly #output: Output;
  #lastTenth = 0;
  #metrics = new Map<string, Record<string, unknown>>();

  constructor(output: Output) {
    this.#output = output;
  }

  onEvent(event: RunEvent, state: RunState): void {
    if (event.type === 'run-start') {
      const name = event.workflow ?? 'workflow';
      this.#line(state, `${name}: ${counted(event.steps.length, 'step')}, run ${event.runId}`);
    }
    if (event.type === 'step-start') this.#line(state, `${event.step}: started`);
    if (event.type === 'step-metric')
      this.#metrics.set(event.step, { ...this.#metrics.get(event.step), ...event.metrics });
    if (event.type === 'run-progress') this.#progress(state);
    if (event.type === 'step-end') this.#lastMetrics(event.step, state);
    for (const { text } of eventLines(event)) this.#line(state, text);
  }

  say(text: string): void {
    for (const line of printableLines(text)) this.#output.problem(line);
  }

  end(outcome: RunOutcome): void {
    for (const { text } of summaryLines(outcome)) this.#output.line(text);
  }

  /** Every ten percent is a line; those at the end of a step have one already. */
  #progress(state: RunState): void {
    const tenth = Math.floor((state.percent ?? 0) / 10);
    const isInStep = state.running.size > 0;
    if (tenth > this.#lastTenth && isInStep) {
      for (const { name, progress } of state.running.values()) this.#line(state, `${name}: ${progress}`);
    }
    this.#lastTenth = Math.max(this.#lastTenth, tenth);
  }

  #lastMetrics(step: string, state: RunState): void {
    const metrics = this.#metrics.get(step);
    this.#metrics.delete(step);
    if (metrics) this.#line(state, `${step}: ${shortPairs(metrics)}`);
  }

  #line(state: RunState, text: string): void {
    const percent = state.percent === undefined ? '' : `[${String(state.percent).padStart(3)} %] `;
    for (const line of printableLines(text)) this.#output.line(`${percent}${line}`);
  }
}
