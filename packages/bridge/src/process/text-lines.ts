/** What must not be cut in two: where it stands in a text (of one byte a character), and how long it is at most. */
export interface Uncuttable {
  readonly longest: number;
  readonly find: (text: string) => readonly { readonly start: number; readonly end: number }[];
}

/**
 * Cuts output that people read into lines: at a line feed, or after 16 KiB without one, but not inside of a secret, which
 * nobody would recognise in halves. Bytes that are no UTF-8 are replaced, so that a broken line is shown rather than lost.
 */
export class TextLines {
  readonly #whole: Uncuttable | undefined;
  #rest: Buffer = Buffer.alloc(0);

  constructor(whole?: Uncuttable) {
    this.#whole = whole;
  }

  /** Takes the next bytes and gives the lines that they complete. */
  push(chunk: Buffer): string[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: string[] = [];
    let start = 0;
    while (start < bytes.length) {
      const lineFeed = bytes.indexOf(LINE_FEED, start);
      const end = lineFeed === -1 ? bytes.length : lineFeed;
      if (end - start > MAX_LINE_BYTES) {
        if (lineFeed === -1 && end - start <= MAX_LINE_BYTES + this.#ahead) break; // what comes next tells where to cut
        const cut = this.#cutBefore(bytes.subarray(0, end), start);
        lines.push(decode(bytes.subarray(start, cut)));
        start = cut;
      } else if (lineFeed === -1) {
        break;
      } else {
        lines.push(decode(bytes.subarray(start, end)));
        start = end + 1;
      }
    }
    this.#rest = bytes.subarray(start);
    return lines;
  }

  /** How much of a long line has to be there beyond the place of the cut. */
  get #ahead(): number {
    return this.#whole?.longest ?? 0;
  }

  /** Where to cut a line that is too long: before what is not to be cut in two, or behind it when the piece begins with it. */
  #cutBefore(line: Buffer, start: number): number {
    const cut = characterStart(line, start + MAX_LINE_BYTES);
    if (this.#whole === undefined) return cut;
    const from = Math.max(start, cut - this.#ahead);
    const spans = this.#whole.find(line.toString('latin1', from, cut + this.#ahead));
    const across = spans.find((span) => from + span.start < cut && cut < from + span.end);
    if (across === undefined) return cut;
    return from + across.start > start ? from + across.start : from + across.end;
  }

  /** The last line when the output ended without a line feed. */
  end(): string[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [decode(rest)];
  }
}

const LINE_FEED = 0x0a;
const MAX_LINE_BYTES = 16 * 1024;

/** Steps back to the first byte of a UTF-8 character, at most three bytes. */
function characterStart(bytes: Buffer, position: number): number {
  let start = position;
  while (start > position - 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1;
  return start;
}

function decode(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  return text.endsWith('\r') ? text.slice(0, -1) : text;
}
