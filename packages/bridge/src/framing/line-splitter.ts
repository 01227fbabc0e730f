/** Who hears of lines. */
export interface LineListener {
  /** A line without its line feed and without one carriage return before it; never empty. */
  onLine(line: Buffer): void;
  /** A line grew longer than the limit; the rest of it is thrown away. `beginning` is its first kilobyte. */
  onTooLong(beginning: Buffer): void;
}

/**
 * Splits a byte stream at 0x0A and nowhere else. Node's `readline` also ends lines at a lone carriage return, which may
 * stand in a frame. A line that lies within one chunk is not copied. What has come of a longer one is kept in a block that
 * doubles: joining per chunk would be quadratic, and a list of chunks holds a hundred times the bytes of a line that drips in.
 */
export class LineSplitter {
  readonly #listener: LineListener;
  readonly #options: { readonly maxBytes: number };
  #block = NOTHING;
  #size = 0;
  #discarding = false;

  constructor(listener: LineListener, options: { readonly maxBytes: number }) {
    this.#listener = listener;
    this.#options = options;
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    let start = 0;
    let end = chunk.indexOf(LINE_FEED);
    while (end !== -1) {
      this.#finishLine(chunk.subarray(start, end));
      start = end + 1;
      end = start === chunk.length ? -1 : chunk.indexOf(LINE_FEED, start); // mostly a chunk is one line
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  /** What stands after the last line feed: a line that was cut short. */
  rest(): Buffer {
    return Buffer.from(this.#block.subarray(0, this.#size));
  }

  #append(part: Buffer): void {
    if (this.#discarding) return;
    const size = this.#size + part.length;
    if (size > this.#options.maxBytes + CARRIAGE_RETURN_ROOM) {
      this.#overflow(part);
      return;
    }
    if (size > this.#block.length) this.#grow(size);
    part.copy(this.#block, this.#size);
    this.#size = size;
  }

  #grow(needed: number): void {
    const block = Buffer.allocUnsafe(Math.max(needed, 2 * this.#block.length, SMALLEST_BLOCK));
    this.#block.copy(block, 0, 0, this.#size);
    this.#block = block;
  }

  #finishLine(end: Buffer): void {
    const line = this.#takeLine(end);
    if (this.#discarding || line === undefined) {
      this.#discarding = false;
      return;
    }
    if (line.length > this.#options.maxBytes) this.#listener.onTooLong(line.subarray(0, BEGINNING_BYTES));
    else if (line.length > 0) this.#listener.onLine(line);
  }

  /** The line that `end` completes; `undefined` when it was too long, which has been told then. */
  #takeLine(end: Buffer): Buffer | undefined {
    if (this.#size === 0) return withoutCarriageReturn(end);
    this.#append(end);
    if (this.#discarding) return undefined;
    const line = this.#block.subarray(0, this.#size);
    this.#forget();
    return withoutCarriageReturn(line);
  }

  #overflow(part: Buffer): void {
    // a copy, so that the megabytes behind it can be freed
    const beginning = Buffer.concat([this.#block.subarray(0, this.#size), part]).subarray(0, BEGINNING_BYTES);
    this.#forget();
    this.#discarding = true;
    this.#listener.onTooLong(Buffer.from(beginning));
  }

  #forget(): void {
    this.#block = NOTHING;
    this.#size = 0;
  }
}

const NOTHING = Buffer.alloc(0);
const SMALLEST_BLOCK = 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const CARRIAGE_RETURN_ROOM = 1;
const BEGINNING_BYTES = 1024;

function withoutCarriageReturn(line: Buffer): Buffer {
  return line[line.length - 1] === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
