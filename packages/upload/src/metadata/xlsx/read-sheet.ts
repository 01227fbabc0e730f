import type { MetadataRow } from '../metadata-rows.js';
import { cellText, type CellContext } from './cell-text.js';
import { parseXml, type XmlAttributes } from './parse-xml.js';
import { longer, RichText } from './rich-text.js';
import type { ZipParts } from './zip-parts.js';

export interface ReadSheetOptions {
  readonly cells: CellContext;
  /** Cells further to the right are only counted. */
  readonly maxColumns: number;
  readonly onRow: (row: MetadataRow) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Hands the rows of a sheet over, one at a time. Values of formulas are those that were saved with them. */
export async function readSheet(parts: ZipParts, name: string, options: ReadSheetOptions): Promise<void> {
  const reader = new SheetReader(options);
  await parseXml(
    await parts.read(name),
    {
      open: (tag, attributes) => reader.open(tag, attributes),
      text: (piece) => reader.text(piece),
      close: (tag) => reader.close(tag),
    },
    options.signal,
  );
}

class SheetReader {
  private readonly options: ReadSheetOptions;
  private cells: string[] = [];
  private width = 0;
  private column = -1;
  private attributes: XmlAttributes = {};
  private raw = '';
  private inValue = false;
  private readonly inline = new RichText();

  constructor(options: ReadSheetOptions) {
    this.options = options;
  }

  open(tag: string, attributes: XmlAttributes): void {
    if (tag === 'row') this.beginRow();
    else if (tag === 'c') this.beginCell(attributes);
    else if (tag === 'v') this.inValue = true;
    else this.inline.open(tag);
  }

  text(piece: string): void {
    if (this.inValue) this.raw = longer(this.raw, piece);
    else this.inline.add(piece);
  }

  close(tag: string): void {
    if (tag === 'row') this.options.onRow({ cells: this.cells, width: this.width });
    else if (tag === 'c') this.endCell();
    else if (tag === 'v') this.inValue = false;
    else this.inline.close(tag);
  }

  private beginRow(): void {
    this.cells = [];
    this.width = 0;
    this.column = -1;
  }

  private beginCell(attributes: XmlAttributes): void {
    this.column = columnOf(attributes['r']) ?? this.column + 1;
    this.attributes = attributes;
    this.raw = '';
    this.inline.begin();
  }

  private endCell(): void {
    const { t: type, s: style } = this.attributes;
    const text =
      type === 'inlineStr' ? this.inline.end() : cellText({ type, style, raw: this.raw }, this.options.cells);
    if (text === '') return;
    this.width = Math.max(this.width, this.column + 1);
    if (this.column >= this.options.maxColumns) return;
    while (this.cells.length < this.column) this.cells.push('');
    this.cells[this.column] = text;
  }
}

/** `C7` is column 2. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = /^[A-Z]{1,3}/u.exec(reference ?? '')?.[0];
  if (letters === undefined) return undefined;
  return Array.from(letters, (letter) => letter.charCodeAt(0) - 64).reduce((sum, digit) => sum * 26 + digit, 0) - 1;
}
