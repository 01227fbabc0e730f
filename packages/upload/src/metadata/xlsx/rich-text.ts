import { limitError } from '../metadata-rows.js';

/** Excel ends a text at 32,767 characters; each may be written with seven. */
const MAX_TEXT = 32_767 * 7;

/** One more piece of a text, unless it becomes longer than any cell is. */
export function longer(text: string, piece: string): string {
  if (text.length + piece.length > MAX_TEXT)
    throw limitError('Excel file has a cell with more text than a cell can hold');
  return text + piece;
}

/** The text of a shared or inline string: its runs one after the other, without the reading aids of East Asian scripts. */
export class RichText {
  private text = '';
  private inText = false;
  private phonetic = false;

  begin(): void {
    this.text = '';
    this.inText = false;
    this.phonetic = false;
  }

  open(tag: string): void {
    if (tag === 'rPh') this.phonetic = true;
    if (tag === 't') this.inText = !this.phonetic;
  }

  add(piece: string): void {
    if (this.inText) this.text = longer(this.text, piece);
  }

  close(tag: string): void {
    if (tag === 'rPh') this.phonetic = false;
    if (tag === 't') this.inText = false;
  }

  end(): string {
    const text = unescapeText(this.text);
    this.begin();
    return text;
  }
}

/** Control characters are written as `_x000D_`, since XML cannot hold them. */
export function unescapeText(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replaceAll(/_x([0-9A-Fa-f]{4})_/gu, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
