import { createHash } from 'node:crypto';

export interface ReadForm {
  readonly fields: Record<string, string>;
  readonly files: { field: string; filename: string | null; md5: string; size: number }[];
}

/**
 * Reads a multipart form as it comes. Texts are kept; of files only size and MD5, so that one may be of any size. A part ends
 * where the boundary begins, so the last bytes wait until it is certain that they do not belong to it.
 */
export class FormReader {
  readonly form: ReadForm = { fields: {}, files: [] };
  readonly #boundary: Buffer;
  #waiting = Buffer.alloc(0);
  #part: { names: Record<string, string>; hash: ReturnType<typeof createHash>; size: number; text: Buffer[] } | undefined;

  constructor(contentType: string) {
    const boundary = /boundary="?([^";]+)/.exec(contentType)?.[1] ?? '';
    this.#boundary = Buffer.from(`\r\n--${boundary}`);
    this.#waiting = Buffer.from('\r\n'); // so that the first boundary is like the others
  }

  write(chunk: Buffer): void {
    this.#waiting = Buffer.concat([this.#waiting, chunk]);
    while (this.#step());
  }

  /** True when something was found, so that there may be more. */
  #step(): boolean {
    return this.#part ? this.#readPart() : this.#readHead();
  }

  #readHead(): boolean {
    const start = this.#waiting.indexOf(this.#boundary);
    const end = this.#waiting.indexOf('\r\n\r\n', Math.max(start, 0));
    if (start < 0 || end < 0) return false;
    const head = this.#waiting.subarray(start, end).toString();
    const names = Object.fromEntries([...head.matchAll(/[ ;](name|filename)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    this.#part = { names, hash: createHash('md5'), size: 0, text: [] };
    this.#waiting = this.#waiting.subarray(end + 4);
    return true;
  }

  #readPart(): boolean {
    const end = this.#waiting.indexOf(this.#boundary);
    const certain = end >= 0 ? end : this.#waiting.length - this.#boundary.length;
    if (certain > 0) this.#take(this.#waiting.subarray(0, certain));
    if (certain > 0) this.#waiting = this.#waiting.subarray(certain);
    if (end < 0) return false;
    this.#endPart();
    return true;
  }

  #take(bytes: Buffer): void {
    const part = this.#part;
    if (!part) return;
    part.size += bytes.length;
    if (this.#isFile(part.names)) part.hash.update(bytes);
    else part.text.push(bytes);
  }

  #endPart(): void {
    const part = this.#part;
    if (!part) return;
    const { name = '', filename = null } = part.names;
    if (this.#isFile(part.names)) {
      this.form.files.push({ field: name, filename, md5: part.hash.digest('hex'), size: part.size });
    } else this.form.fields[name] = Buffer.concat(part.text).toString();
    this.#part = undefined;
  }

  #isFile({ name, filename }: Record<string, string>): boolean {
    return filename !== undefined || name === 'file';
  }
}
