/**
 * Cuts output that people read into lines: at a line feed, or after 16 KiB without one. Bytes that are no UTF-8 are
 * replaced, so that a broken line is shown rather than lost.
 */
export class TextLines {
  #rest: Buffer = Buffer.alloc(0);

  /** Takes the next bytes and gives the lines that they complete. */
  push(chunk: Buffer): string[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const lines: string[] = [];
    let start = 0;
    while (start < bytes.length) {
      const lineFeed = bytes.indexOf(LINE_FEED, start);
      const end = lineFeed === -1 ? bytes.length : lineFeed;
      if (end - start > MAX_LINE_BYTES) {
        const cut = characterStart(bytes, start + MAX_LINE_BYTES);
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
