// A COCO file is one JSON object with a few lists that may be far larger than memory. This finds where each item of a list
// begins and ends by brackets and quotes alone; what an item says is for `JSON.parse`, one item at a time.

const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d];
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Far more than any object's outline; a file that opens a bracket and never closes it is no list. */
const MOST_ITEM_BYTES = 64 * 2 ** 20;

export interface JsonListItem {
  /** The list's key in the object. */
  readonly list: string;
  readonly bytes: Buffer;
  /** Where it begins in the file, in bytes. */
  readonly offset: number;
}

export class JsonSyntaxError extends Error {
  override readonly name = 'JsonSyntaxError';
}

type State =
  | 'start'
  | 'key-or-end'
  | 'key'
  | 'colon'
  | 'value'
  | 'item-or-end'
  | 'item'
  | 'next-item'
  | 'next-key'
  | 'end';

interface Step {
  /** Any byte, if there is none. */
  readonly byte?: number;
  readonly next: State;
  /** The byte belongs to what comes. */
  readonly stays?: boolean;
}

const STEPS: Partial<Record<State, readonly Step[]>> = {
  start: [{ byte: OPEN_OBJECT, next: 'key-or-end' }, ...BYTE_ORDER_MARK.map((byte): Step => ({ byte, next: 'start' }))],
  'key-or-end': [
    { byte: CLOSE_OBJECT, next: 'end' },
    { byte: QUOTE, next: 'key', stays: true },
  ],
  colon: [{ byte: COLON, next: 'value' }],
  'item-or-end': [
    { byte: CLOSE_LIST, next: 'next-key' },
    { next: 'item', stays: true },
  ],
  'next-item': [
    { byte: CLOSE_LIST, next: 'next-key' },
    { byte: COMMA, next: 'item' },
  ],
  'next-key': [
    { byte: CLOSE_OBJECT, next: 'end' },
    { byte: COMMA, next: 'key-or-end' },
  ],
};

const EXPECTED: Partial<Record<State, string>> = {
  start: 'an object',
  'key-or-end': 'a key',
  colon: "':'",
  'next-item': "',' or ']'",
  'next-key': "',' or '}'",
};

/** Where a value ends: by depth, outside of quotes. */
class ValueEnd {
  #depth = 0;
  #quoted = false;
  #escaped = false;
  #scalar = false;

  /** The place after the value's last byte, or -1 when it goes on in the next chunk. */
  find(chunk: Buffer, from: number): number {
    for (let index = from; index < chunk.length; index += 1) {
      const byte = chunk[index] ?? 0;
      if (!this.#quoted) {
        if (MEANS_NOTHING[byte] === 1 && this.#depth > 0) continue;
        const end = this.#structure(byte, index);
        if (end !== -1) return end;
      } else if (this.#escaped) this.#escaped = false;
      else if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) {
        this.#quoted = false;
        if (this.#depth === 0) return index + 1;
      }
    }
    return -1;
  }

  /** A byte outside of quotes. @returns where the value ends, if it does */
  #structure(byte: number, index: number): number {
    if (byte === QUOTE) this.#quoted = true;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) this.#depth += 1;
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
      if (this.#depth === 0) return index; // the bracket closes what the scalar stands in
      this.#depth -= 1;
      if (this.#depth === 0) return index + 1;
    } else if (this.#depth === 0) {
      if (byte === COMMA || (this.#scalar && isSpace(byte))) return index;
      this.#scalar = true;
    }
    return -1;
  }
}

/** By byte: 1 for what neither opens nor closes anything. */
const MEANS_NOTHING = new Uint8Array(256).fill(1);
for (const byte of [QUOTE, OPEN_LIST, OPEN_OBJECT, CLOSE_LIST, CLOSE_OBJECT]) MEANS_NOTHING[byte] = 0;

/** Gets a file chunk by chunk, and gives the items of the lists that it knows. Everything else is stepped over. */
export class JsonListScanner {
  readonly #lists: ReadonlySet<string>;
  readonly #onItem: (item: JsonListItem) => void;
  #state: State = 'start';
  #list: string | undefined;
  #value = new ValueEnd();
  /** What earlier chunks hold of the key or value that is not over yet. */
  #parts: Buffer[] = [];
  #partBytes = 0;
  #chunkOffset = 0;

  constructor(lists: readonly string[], onItem: (item: JsonListItem) => void) {
    this.#lists = new Set(lists);
    this.#onItem = onItem;
  }

  /** @throws JsonSyntaxError */
  write(chunk: Buffer): void {
    let index = 0;
    while (index < chunk.length) {
      if (this.#isWithinValue()) index = this.#takeValue(chunk, index);
      else {
        const byte = chunk[index] ?? 0;
        index = isSpace(byte) ? index + 1 : this.#step(byte, index);
      }
    }
    this.#chunkOffset += chunk.length;
  }

  /** @throws JsonSyntaxError when the object is not complete */
  end(): void {
    if (this.#state !== 'end') throw new JsonSyntaxError('the file ends in the middle of its JSON');
  }

  #isWithinValue(): boolean {
    return this.#state === 'key' || this.#state === 'item' || this.#state === 'value';
  }

  /** One byte between values. @returns where to go on; at the same place when a value begins with this byte */
  #step(byte: number, index: number): number {
    const step = STEPS[this.#state]?.find((one) => one.byte === byte || one.byte === undefined);
    if (step === undefined) return this.#refuse(index, EXPECTED[this.#state] ?? 'nothing more');
    return this.#go(step.next, step.stays === true ? index : index + 1);
  }

  #takeValue(chunk: Buffer, from: number): number {
    const start = this.#partBytes === 0 ? skipSpaces(chunk, from) : from;
    if (start === chunk.length) return start;
    if (this.#state === 'value' && this.#partBytes === 0 && this.#isKnownList(chunk[start] ?? 0, start)) {
      return this.#go('item-or-end', start + 1);
    }
    const end = this.#value.find(chunk, start);
    if (end === -1) {
      this.#keep(chunk.subarray(start));
      return chunk.length;
    }
    this.#finishValue(chunk.subarray(start, end), this.#chunkOffset + start - this.#partBytes);
    return end;
  }

  #isKnownList(byte: number, index: number): boolean {
    if (this.#list === undefined || !this.#lists.has(this.#list)) return false;
    if (byte === OPEN_LIST) return true;
    return this.#refuse(index, `'${this.#list}' to be a list`);
  }

  #keep(part: Buffer): void {
    this.#partBytes += part.length;
    if (this.#state === 'value') return; // it is stepped over
    this.#parts.push(part);
    if (this.#partBytes > MOST_ITEM_BYTES) {
      this.#refuse(0, `an item of '${this.#list ?? 'a key'}' of at most ${MOST_ITEM_BYTES} bytes`);
    }
  }

  #finishValue(last: Buffer, offset: number): void {
    if (last.length + this.#partBytes === 0) this.#refuse(offset - this.#chunkOffset, 'a value');
    const bytes = this.#parts.length === 0 ? last : Buffer.concat([...this.#parts, last]);
    const state = this.#state;
    this.#parts = [];
    this.#partBytes = 0;
    this.#value = new ValueEnd();
    if (state === 'key') {
      this.#list = this.#keyOf(bytes, offset);
      this.#state = 'colon';
    } else if (state === 'item') {
      this.#state = 'next-item';
      this.#onItem({ list: this.#list ?? '', bytes, offset });
    } else this.#state = 'next-key';
  }

  #keyOf(bytes: Buffer, offset: number): string {
    try {
      return String(JSON.parse(bytes.toString('utf8')));
    } catch (error) {
      throw new JsonSyntaxError(`the key at byte ${offset} is no JSON`, { cause: error });
    }
  }

  #go(state: State, index: number): number {
    this.#state = state;
    return index;
  }

  #refuse(index: number, expected: string): never {
    throw new JsonSyntaxError(`at byte ${this.#chunkOffset + index}: expected ${expected}`);
  }
}

function skipSpaces(chunk: Buffer, from: number): number {
  let index = from;
  while (index < chunk.length && isSpace(chunk[index] ?? 0)) index += 1;
  return index;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
