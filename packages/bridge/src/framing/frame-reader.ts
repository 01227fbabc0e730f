import { LineSplitter } from './line-splitter.js';
import { type LineProblem, type ParsedLine, parseFrame, type ParseFrameOptions } from './parse-frame.js';
import { recoverFrame } from './recover-frame.js';

/** What a reader found; exactly one call per line, or two for a frame glued behind stray text. */
export interface FrameListener {
  onFrame(parsed: Extract<ParsedLine, { ok: true }>): void;
  /** Text that is no frame: to be logged, never dropped. `problem` says why it is none. */
  onStray(text: Buffer, problem: LineProblem): void;
  /** A line longer than the limit; its rest is thrown away. */
  onTooLarge(beginning: Buffer): void;
}

/** Bounds of what is read. */
export interface FrameReaderOptions extends ParseFrameOptions {
  readonly maxFrameBytes: number;
}

/** Turns the bytes of a plugin's stdout into frames and stray lines. */
export class FrameReader {
  readonly #listener: FrameListener;
  readonly #options: FrameReaderOptions;
  readonly #splitter: LineSplitter;

  constructor(listener: FrameListener, options: FrameReaderOptions) {
    this.#listener = listener;
    this.#options = options;
    this.#splitter = new LineSplitter(
      {
        onLine: (line) => this.#readLine(line),
        onTooLong: (beginning) => listener.onTooLarge(beginning),
      },
      {
        // asked for each time, because a handshake may change it
        get maxBytes() {
          return options.maxFrameBytes;
        },
      },
    );
  }

  /** Takes the next bytes of the stream. */
  push(chunk: Buffer): void {
    this.#splitter.push(chunk);
  }

  /** What stands after the last line feed: a frame that was cut short, or text without a line feed. */
  rest(): Buffer {
    return this.#splitter.rest();
  }

  #readLine(line: Buffer): void {
    const parsed = parseFrame(line, this.#options);
    if (parsed.ok) {
      this.#listener.onFrame(parsed);
      return;
    }
    const recovered = parsed.problem === 'bom' ? undefined : recoverFrame(line, this.#options);
    if (recovered === undefined) {
      this.#listener.onStray(line, parsed.problem);
      return;
    }
    this.#listener.onStray(recovered.stray, parsed.problem);
    this.#listener.onFrame(recovered.parsed);
  }
}
