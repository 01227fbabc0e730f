import type { JobLogLine } from './job-client.js';

/** A line that waits, and what it takes in memory at most. */
export interface WaitingLine {
  readonly line: JobLogLine;
  readonly bytes: number;
}

const MAX_PER_REQUEST = 1000;
/** A request is larger only when one line is. */
const MAX_REQUEST_BYTES = 2 * 2 ** 20;
/** What an object, its keys and its place in the queue take beside its text. */
const BYTES_PER_LINE = 512;

/** The lines that wait to be sent, oldest first. */
export class JobLogQueue {
  #waiting: WaitingLine[] = [];
  #bytes = 0;
  #files = 0;
  #dropped = 0;

  get size(): number {
    return this.#waiting.length;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** A line with a file does not wait. */
  get hasFile(): boolean {
    return this.#files > 0;
  }

  /** @param characters of its data as JSON */
  add(line: JobLogLine, characters: number): void {
    const bytes = BYTES_PER_LINE + 2 * (characters + (line.file?.length ?? 0)); // a text may take two bytes a character
    const waiting = { line, bytes };
    this.#count(waiting, 1);
    this.#waiting.push(waiting);
  }

  /** The next request: one line with a file alone, or those before the next such line. */
  take(): WaitingLine[] {
    if (this.#waiting[0]?.line.file !== undefined) return this.#remove(1);
    let count = 0;
    let bytes = 0;
    for (const { line, bytes: more } of this.#waiting) {
      bytes += more;
      if (count === MAX_PER_REQUEST || line.file !== undefined || (count > 0 && bytes > MAX_REQUEST_BYTES)) break;
      count += 1;
    }
    return this.#remove(count);
  }

  /** Puts back what could not be sent. */
  putBack(lines: readonly WaitingLine[]): void {
    for (const one of lines) this.#count(one, 1);
    this.#waiting = [...lines, ...this.#waiting];
  }

  /** Gives up the oldest lines until the others take no more than `maxBytes`, and counts them. */
  trim(maxBytes: number): void {
    let surplus = 0;
    for (let bytes = this.#bytes; bytes > maxBytes; surplus += 1) bytes -= this.#waiting[surplus]?.bytes ?? bytes;
    if (surplus > 0) this.#remove(surplus);
    this.#dropped += surplus;
  }

  #remove(count: number): WaitingLine[] {
    const removed = this.#waiting.splice(0, count);
    for (const one of removed) this.#count(one, -1);
    return removed;
  }

  #count({ line, bytes }: WaitingLine, change: 1 | -1): void {
    this.#bytes += change * bytes;
    if (line.file !== undefined) this.#files += change;
  }
}
