// A screen that understands what our command sends to a terminal: text, colours, moving up and erasing. What it does not
// know is an error, so that a picture is right or is not made.

/**
 * @typedef {object} Style
 * @property {string | undefined} colour One of the sixteen, by name; undefined for the terminal's own.
 * @property {boolean} bold
 * @property {boolean} dim
 */
/** @typedef {{ text: string, style: Style }} Cell */

/** @type {Style} */
const plain = { colour: undefined, bold: false, dim: false };
const blank = { text: ' ', style: plain };
const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
// oxlint-disable-next-line no-control-regex -- that is what is read here
const token = /\u001B\[([?\d;]*)([A-Za-z])|\u001B(.)|([\r\n\t\b])|([^\u001B\r\n\t\b]+)/gsu;

export class Screen {
  /** @type {Cell[][]} All lines that there ever were; nothing scrolls away. */
  #lines = [[]];
  #row = 0;
  #column = 0;
  #style = plain;
  #columns;

  /** @param {number} columns */
  constructor(columns) {
    this.#columns = columns;
  }

  /** @param {string} output */
  write(output) {
    for (const [whole, parameters = '', command, escape, control, text] of output.matchAll(token)) {
      if (command !== undefined) this.#command(command, parameters);
      else if (control !== undefined) this.#control(control);
      else if (text !== undefined) this.#text(text);
      else throw new Error(`The output holds an escape sequence that is not known: ${JSON.stringify(whole + escape)}`);
    }
  }

  /** The lines as runs of text of one style, without the empty lines at the end. @returns {Cell[][]} */
  lines() {
    const lines = this.#lines.map(runsOf);
    const last = lines.findLastIndex((line) => line.some(({ text }) => text.trim() !== ''));
    return lines.slice(0, last + 1);
  }

  /** @param {string} text */
  #text(text) {
    for (const character of text) {
      if (this.#column === this.#columns) this.#control('\n');
      const line = this.#line();
      while (line.length < this.#column) line.push(blank);
      line[this.#column] = { text: character, style: this.#style };
      this.#column += 1;
    }
  }

  /** @param {string} control */
  #control(control) {
    if (control === '\t') throw new Error('The output holds a tab, which has no place on a screen that is drawn.');
    if (control === '\b') this.#column = Math.max(0, this.#column - 1);
    else this.#column = 0; // the terminal turns a line feed into a return and a line feed
    if (control === '\n') this.#row += 1;
  }

  /** @param {string} command @param {string} parameters */
  #command(command, parameters) {
    if (parameters.startsWith('?')) return; // cursor shown or hidden, redrawing at once: nothing to see in a picture
    const numbers = parameters.split(';').map(Number);
    const perform = this.#commands[command];
    if (!perform) throw new Error(`The output holds a terminal command that is not known: ${parameters}${command}`);
    perform(numbers[0] ?? 0, numbers);
  }

  /** @type {Record<string, (first: number, all: number[]) => void>} */
  #commands = {
    m: (_first, all) => (this.#style = all.reduce(styled, this.#style)),
    A: (count) => (this.#row = Math.max(0, this.#row - (count || 1))),
    B: (count) => (this.#row += count || 1),
    C: (count) => (this.#column = Math.min(this.#columns, this.#column + (count || 1))),
    D: (count) => (this.#column = Math.max(0, this.#column - (count || 1))),
    G: (column) => (this.#column = (column || 1) - 1),
    K: (mode) => this.#eraseLine(mode),
    J: (mode) => this.#eraseBelow(mode),
  };

  /** @param {number} mode 0 to the end, 1 to the start, 2 all of it. */
  #eraseLine(mode) {
    const line = this.#line();
    if (mode === 0) line.length = Math.min(line.length, this.#column);
    else if (mode === 2) line.length = 0;
    else line.fill(blank, 0, this.#column + 1);
  }

  /** @param {number} mode */
  #eraseBelow(mode) {
    if (mode !== 0) throw new Error(`The output erases the screen in a way that is not known: ${mode}J`);
    this.#eraseLine(0);
    this.#lines.length = Math.min(this.#lines.length, this.#row + 1);
  }

  #line() {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    return this.#lines[this.#row] ?? [];
  }
}

/** @param {Style} style @param {number} code @returns {Style} */
function styled(style, code) {
  if (code === 0) return plain;
  if (code === 1) return { ...style, bold: true };
  if (code === 2) return { ...style, dim: true };
  if (code === 22) return { ...style, bold: false, dim: false };
  if (code === 39) return { ...style, colour: undefined };
  if (code >= 30 && code <= 37) return { ...style, colour: names[code - 30] };
  if (code >= 90 && code <= 97) return { ...style, colour: code === 90 ? 'grey' : names[code - 90] };
  throw new Error(`The output holds a style that is not known: ${code}m`);
}

/** @param {Cell[]} line @returns {Cell[]} */
function runsOf(line) {
  /** @type {Cell[]} */
  const runs = [];
  for (const { text, style } of line) {
    const last = runs.at(-1);
    if (last && JSON.stringify(last.style) === JSON.stringify(style)) last.text += text;
    else runs.push({ text, style });
  }
  return runs;
}
