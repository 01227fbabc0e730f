import { writeFile } from 'node:fs/promises';
import { encode } from 'fast-png';
import type { Evaluation } from '../trainers/typescript/digits-model.js';

type Colour = readonly [red: number, green: number, blue: number];

const CELL = 32;
/** How many pixels a dot of a digit has in each direction. */
const DOT = 2;
/** The digits in 3 × 5 dots: the bits of each figure are a row. */
const FONT = ['75557', '26227', '71747', '71717', '55711', '74717', '74757', '71111', '75757', '75717'];
const PAPER: Colour = [255, 255, 255];
const INK: Colour = [40, 40, 40];
const RIGHT: Colour = [40, 110, 200];
const WRONG: Colour = [210, 50, 40];

/**
 * Draws how the classes were taken: a row for each class, a column for what its pictures were taken as, both by number. The
 * more, the darker; what is right is blue, and what is wrong red.
 */
export async function writeConfusionPicture(file: string, { confusion }: Omit<Evaluation, 'accuracy'>): Promise<void> {
  const canvas = new Canvas((confusion.length + 1) * CELL);
  for (const [number, row] of confusion.entries()) {
    canvas.write(number, { column: 0, row: number + 1, colour: INK });
    canvas.write(number, { column: number + 1, row: 0, colour: INK });
    const all = row.reduce((sum, count) => sum + count, 0);
    for (const [taken, count] of row.entries()) {
      if (count === 0) continue;
      const share = Math.max(0.15, count / all);
      const cell = { column: taken + 1, row: number + 1 };
      canvas.fill({ ...cell, colour: mixed(taken === number ? RIGHT : WRONG, share) });
      canvas.write(count, { ...cell, colour: share > 0.5 ? PAPER : INK });
    }
  }
  await writeFile(file, canvas.toPng());
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly colour: Colour;
}

/** A white square of cells. */
class Canvas {
  readonly #side: number;
  readonly #pixels: Uint8Array;

  constructor(side: number) {
    this.#side = side;
    this.#pixels = new Uint8Array(side * side * 3).fill(255);
  }

  fill({ column, row, colour }: Cell): void {
    this.#paint({ x: column * CELL, y: row * CELL, size: CELL - 1 }, colour);
  }

  /** A number in the middle of a cell. */
  write(number: number, { column, row, colour }: Cell): void {
    const digits = Array.from(String(number), Number);
    const left = column * CELL + (CELL - digits.length * 4 * DOT + DOT) / 2;
    const top = row * CELL + (CELL - 5 * DOT) / 2;
    for (const [place, digit] of digits.entries()) {
      for (const [line, bits] of Array.from(FONT[digit] ?? '', Number).entries()) {
        for (const dot of [0, 1, 2]) {
          const isSet = (bits & (4 >> dot)) !== 0;
          const at = { x: left + (place * 4 + dot) * DOT, y: top + line * DOT, size: DOT };
          if (isSet) this.#paint(at, colour);
        }
      }
    }
  }

  toPng(): Uint8Array {
    return encode({ width: this.#side, height: this.#side, data: this.#pixels, channels: 3, depth: 8 });
  }

  #paint({ x, y, size }: { readonly x: number; readonly y: number; readonly size: number }, colour: Colour): void {
    for (let row = y; row < y + size; row += 1) {
      for (let column = x; column < x + size; column += 1) this.#pixels.set(colour, (row * this.#side + column) * 3);
    }
  }
}

/** A colour on white paper. */
function mixed(colour: Colour, share: number): Colour {
  const on = (part: number): number => Math.round(255 - (255 - part) * share);
  return [on(colour[0]), on(colour[1]), on(colour[2])];
}
