/**
 * Where in a file the annotations of each picture are: 16 bytes for each, whatever its outline. So the annotations of one
 * picture can be read together, although a file may list them in any order.
 */
export class AnnotationIndex {
  #offsets = new Float64Array(1024);
  #lengths = new Uint32Array(1024);
  /** The next annotation of the same picture. */
  #next = new Int32Array(1024);
  #first = new Int32Array(1024).fill(-1);
  #last = new Int32Array(1024).fill(-1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** In the file's order. */
  add(picture: number, offset: number, length: number): void {
    const entry = this.#size;
    if (entry === this.#offsets.length) this.#growEntries();
    this.#offsets[entry] = offset;
    this.#lengths[entry] = length;
    this.#next[entry] = -1;
    this.#link(picture, entry);
    this.#size += 1;
  }

  /** Those of a picture, in the file's order. */
  *of(picture: number): Generator<AnnotationPlace> {
    for (let entry = this.#first[picture] ?? -1; entry !== -1; entry = this.#next[entry] ?? -1) {
      yield { picture, offset: this.#offsets[entry] ?? 0, length: this.#lengths[entry] ?? 0 };
    }
  }

  #link(picture: number, entry: number): void {
    while (picture >= this.#first.length) this.#growPictures();
    const last = this.#last[picture] ?? -1;
    if (last === -1) this.#first[picture] = entry;
    else this.#next[last] = entry;
    this.#last[picture] = entry;
  }

  #growEntries(): void {
    const capacity = this.#offsets.length * 2;
    this.#offsets = grown(new Float64Array(capacity), this.#offsets);
    this.#lengths = grown(new Uint32Array(capacity), this.#lengths);
    this.#next = grown(new Int32Array(capacity), this.#next);
  }

  #growPictures(): void {
    const capacity = this.#first.length * 2;
    this.#first = grown(new Int32Array(capacity).fill(-1), this.#first);
    this.#last = grown(new Int32Array(capacity).fill(-1), this.#last);
  }
}

export interface AnnotationPlace {
  readonly picture: number;
  /** In bytes from the file's beginning. */
  readonly offset: number;
  readonly length: number;
}

function grown<T extends Float64Array | Uint32Array | Int32Array>(larger: T, smaller: T): T {
  larger.set(smaller);
  return larger;
}
