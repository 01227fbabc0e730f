import type { LineProblem } from '../framing/parse-frame.js';
import type { Redact } from './redact-secrets.js';

/** Counts what a plugin prints to stdout beside its frames. */
export class StrayLines {
  readonly #limits: { readonly maxStrayLines: number; readonly maxStrayBytes: number };
  readonly #redact: Redact;
  #total = 0;
  #sinceFrame = 0;
  #bytesSinceFrame = 0;
  #first: string | undefined;

  constructor(limits: { readonly maxStrayLines: number; readonly maxStrayBytes: number }, redact: Redact) {
    this.#limits = limits;
    this.#redact = redact;
  }

  /** How many there were. */
  get total(): number {
    return this.#total;
  }

  /** The beginning of the first one. */
  get first(): string | undefined {
    return this.#first;
  }

  /** Whether more of them came without a frame between than any honest plugin prints. */
  get isFlood(): boolean {
    return this.#sinceFrame > this.#limits.maxStrayLines || this.#bytesSinceFrame > this.#limits.maxStrayBytes;
  }

  add(text: Buffer): void {
    this.#first ??= this.#redact(text.toString('utf8')).slice(0, FIRST_CHARACTERS);
    this.#total += 1;
    this.#sinceFrame += 1;
    this.#bytesSinceFrame += text.length;
  }

  frameCame(): void {
    this.#sinceFrame = 0;
    this.#bytesSinceFrame = 0;
  }
}

const FIRST_CHARACTERS = 1024;

/** The one warning about stray lines: what it means and how to avoid it. */
export function strayWarning(plugin: string, problem: LineProblem): string {
  const why = PROBLEM_TEXT[problem];
  return `Plugin '${plugin}' wrote a line to stdout that is no message of the protocol (${why}). Such lines are shown as log lines; let it print to stderr.`;
}

/** Why a line is no message, in words. */
export const PROBLEM_TEXT: Readonly<Record<LineProblem, string>> = {
  json: 'it is no JSON',
  utf8: 'it is no UTF-8',
  bom: 'it begins with a byte order mark',
  depth: 'it is nested too deep',
  unsafe_number: 'it holds an integer beyond ±(2^53−1) or an infinite number',
  forbidden_key: 'it holds the key __proto__',
  duplicate_key: 'it names a key twice',
  not_a_frame: 'it is JSON of another shape',
};
