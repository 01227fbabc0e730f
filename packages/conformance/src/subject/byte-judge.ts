import type { Violation } from './clause-failure.js';

/** Looks at the bytes of stdout for what the specification only advises; see FR-6 and FR-7. */
export class ByteJudge {
  readonly #found = new Map<string, Violation>();
  #isFirst = true;

  /** What the plugin does otherwise than it should. */
  get warnings(): readonly Violation[] {
    return [...this.#found.values()];
  }

  /** The clauses of which something was seen. */
  get seen(): readonly string[] {
    return this.#isFirst ? [] : ['FR-6', 'FR-7'];
  }

  push(chunk: Buffer): void {
    if (this.#isFirst && chunk[0] !== LINE_FEED) this.#warn('FR-7', 'its first byte is no line feed');
    this.#isFirst = false;
    if (!this.#found.has('FR-6') && chunk.some((byte) => byte > LAST_ASCII))
      this.#warn('FR-6', 'it writes other characters than those of ASCII');
  }

  #warn(clause: string, text: string): void {
    this.#found.set(clause, { clause, text });
  }
}

const LINE_FEED = 0x0a;
const LAST_ASCII = 0x7f;
