/** Who hears of lines. */
export interface LineListener {
  /** A line without its line feed and without one carriage return before it; never empty. */
  onLine(line: Buffer): void;
  /** A line grew longer than the limit; the rest of it is thrown away. `beginning` is its first kilobyte. */
  onTooLong(beginning: Buffer): void;
}

/**
 * Splits a byte stream at 0x0A and nowhere else. Node's `readline` also ends lines at a lone carriage return, which may
 * stand in a frame. Chunks are kept in a list and joined once per line: joining per chunk is quadratic.
 */
export class LineSplitter {
  readonly #listener: LineListener;
  readonly #options: { readonly maxBytes: number };
  #chunks: Buffer[] = [];
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
      this.#append(chunk.subarray(start, end));
      this.#finishLine();
      start = end + 1;
      end = chunk.indexOf(LINE_FEED, start);
    }
    if (start < chunk.length) this.#append(chunk.subarray(start));
  }

  /** What stands after the last line feed: a line that was cut short. */
  rest(): Buffer {
    return Buffer.concat(this.#chunks, this.#size);
  }

  #append(part: Buffer): void {
    if (this.#discarding) return;
    this.#chunks.push(part);
    this.#size += part.length;
    if (this.#size <= this.#options.maxBytes + CARRIAGE_RETURN_ROOM) return;
    this.#overflow();
  }

  #finishLine(): void {
    if (this.#discarding) {
      this.#discarding = false;
      return;
    }
    const line = withoutCarriageReturn(this.#takeLine());
    if (line.length > this.#options.maxBytes) this.#listener.onTooLong(line.subarray(0, BEGINNING_BYTES));
    else if (line.length > 0) this.#listener.onLine(line);
  }

  #takeLine(): Buffer {
    const [first] = this.#chunks;
    const line = this.#chunks.length === 1 && first !== undefined ? first : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [];
    this.#size = 0;
    return line;
  }

  #overflow(): void {
    const beginning = Buffer.concat(this.#chunks, this.#size).subarray(0, BEGINNING_BYTES);
    this.#chunks = [];
    this.#size = 0;
    this.#discarding = true;
    this.#listener.onTooLong(Buffer.from(beginning)); // a copy, so that the megabytes behind it can be freed
  }
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const CARRIAGE_RETURN_ROOM = 1;
const BEGINNING_BYTES = 1024;

function withoutCarriageReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}
