/** Keeps the last lines that a process wrote to stderr, so that its death can be explained. */
export class StderrTail {
  readonly #lines: string[] = [];
  #size = 0;

  /** Adds lines and forgets the oldest beyond the limits. */
  add(lines: readonly string[]): void {
    for (const line of lines) {
      this.#lines.push(line);
      this.#size += line.length;
    }
    let surplus = 0;
    while (this.#lines.length - surplus > MAX_LINES || this.#size > MAX_SIZE) {
      this.#size -= this.#lines[surplus]?.length ?? 0;
      surplus += 1;
    }
    if (surplus > 0) this.#lines.splice(0, surplus);
  }

  /** The last `count` lines, oldest first. */
  lines(count: number = MAX_LINES): string[] {
    return this.#lines.slice(-count);
  }
}

const MAX_LINES = 256;
const MAX_SIZE = 64 * 1024;
