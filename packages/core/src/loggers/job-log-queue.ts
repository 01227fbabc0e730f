import type { JobLogLine } from './job-client.js';

const MAX_WAITING = 2000;
const MAX_PER_REQUEST = 1000;

/** The lines that wait to be sent, oldest first. When too many wait, the oldest are given up and counted. */
export class JobLogQueue {
  #lines: JobLogLine[] = [];
  #dropped = 0;

  get size(): number {
    return this.#lines.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** A line with a file does not wait. */
  get hasFile(): boolean {
    return this.#lines.some((line) => line.file !== undefined);
  }

  add(line: JobLogLine): void {
    this.#lines.push(line);
    this.#trim();
  }

  /** The next request: one line with a file alone, or those before the next such line. */
  take(): JobLogLine[] {
    const next = this.#lines.findIndex((line) => line.file !== undefined);
    const count = next === 0 ? 1 : Math.min(MAX_PER_REQUEST, next < 0 ? this.#lines.length : next);
    return this.#lines.splice(0, count);
  }

  /** Puts back what could not be sent. */
  putBack(lines: readonly JobLogLine[]): void {
    this.#lines = [...lines, ...this.#lines];
    this.#trim();
  }

  #trim(): void {
    const surplus = this.#lines.length - MAX_WAITING;
    if (surplus <= 0) return;
    this.#lines.splice(0, surplus);
    this.#dropped += surplus;
  }
}
