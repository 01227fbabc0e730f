import type { FuzzCase } from './reading.js';
import { LITERALS, PLAIN, PLAIN_TEXTS, TEXTS, TOKENS } from './stream-vocabulary.js';

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer from 0 to below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<TItem>(items: readonly TItem[]): TItem {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new Error('There is nothing to pick from.');
    return item;
  }
}

/** A stream of some lines, most of them frames that something has happened to. */
export function generateStream(random: Random, seeds: readonly Buffer[]): FuzzCase {
  const parts: Buffer[] = [];
  for (let line = 1 + random.below(3); line > 0; line -= 1) {
    parts.push(mutated(random, random.next() < 0.6 ? random.pick(seeds) : Buffer.from(frame(random), 'latin1')));
    parts.push(Buffer.from(random.next() < 0.1 ? '\r\n' : '\n'));
  }
  return { stream: Buffer.concat(parts).subarray(-MAX_BYTES), limit: random.pick(LIMITS) };
}

/** Cutting a stream at every byte takes the square of its length. */
const MAX_BYTES = 1500;
const LIMITS: readonly number[] = [8 * 1024 * 1024, 8 * 1024 * 1024, 8 * 1024 * 1024, 200, 64];

function frame(random: Random): string {
  const id = random.pick(['1', '7', '9007199254740991', '0', '-1', '1.0', '1e3', '"1"', 'null', '9007199254740992']);
  const object = `{${members(random, 3)}}`;
  const parts = [
    `"jsonrpc":${random.next() < 0.95 ? '"2.0"' : value(random, 1)}`,
    ...(random.next() < 0.8 ? [`"id":${id}`] : []),
    random.pick([
      `"method":"execute","params":${object}`,
      `"result":${object}`,
      `"error":{"code":${random.pick(['1000', '-32601', '1.5', '"1"'])},"message":${text(random)},"data":${random.pick([object, 'null'])}}`,
      `"method":${text(random)}`,
      `"result":${value(random, 2)}`,
    ]),
    ...(random.next() < 0.2 ? [members(random, 1)] : []),
  ];
  return `{${parts.join(random.pick([',', ', ', ' ,\t']))}}`;
}

function members(random: Random, depth: number): string {
  return Array.from({ length: random.below(4) }, () => `${text(random)}:${value(random, depth - 1)}`).join(',');
}

function value(random: Random, depth: number): string {
  const kind = depth <= 0 ? 0.5 + random.next() / 2 : random.next();
  if (kind < 0.25) return `{${members(random, depth)}}`;
  if (kind < 0.5) return `[${Array.from({ length: random.below(4) }, () => value(random, depth - 1)).join(',')}]`;
  return kind < 0.75 ? text(random) : random.pick(random.next() < 0.9 ? PLAIN : LITERALS);
}

function text(random: Random): string {
  return `"${Array.from({ length: random.below(3) }, () => random.pick(random.next() < 0.9 ? PLAIN_TEXTS : TEXTS)).join('')}"`;
}

/** Changes up to three places, often none. */
function mutated(random: Random, line: Buffer): Buffer {
  let bytes = line;
  for (let changes = random.pick([0, 0, 0, 1, 1, 2, 3]); changes > 0; changes -= 1) bytes = change(random, bytes);
  return bytes;
}

function change(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const length = random.below(8);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, Buffer.from(random.pick(TOKENS), 'latin1'), after]);
    case 1:
      return Buffer.concat([before, Buffer.from(random.pick(TOKENS), 'latin1'), after.subarray(length)]);
    case 2:
      return Buffer.concat([before, after.subarray(length)]);
    case 3:
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 4:
      return Buffer.concat([before, Buffer.from([random.below(256)]), after.subarray(1)]);
    default:
      return atNumber(random, bytes) ?? before;
  }
}

/** Puts another literal in the place of a number, where a mutation is most likely to stay JSON. */
function atNumber(random: Random, bytes: Buffer): Buffer | undefined {
  const numbers = [...bytes.toString('latin1').matchAll(/-?\d[\d.eE+-]*/g)];
  if (numbers.length === 0) return undefined;
  const { 0: number, index } = random.pick(numbers);
  const literal = Buffer.from(random.pick(LITERALS), 'latin1');
  return Buffer.concat([bytes.subarray(0, index), literal, bytes.subarray(index + number.length)]);
}
