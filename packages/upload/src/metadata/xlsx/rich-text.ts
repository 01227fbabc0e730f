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
    if (this.inText) this.text += piece;
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
