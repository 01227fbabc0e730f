import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';

export interface SourcePosition {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** The way to a value from the top of the file. */
export type SourcePath = readonly (string | number)[];

/** The text of a YAML file, its value, and where each part of that stands. */
export class YamlSource {
  readonly #document: Document;
  readonly #lines = new LineCounter();

  constructor(text: string) {
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, stringKeys: true });
  }

  /** What is wrong with the YAML itself, such as a bracket that is not closed. */
  get syntaxProblems(): { readonly position: SourcePosition; readonly message: string }[] {
    const { errors, warnings } = this.#document;
    return [...errors, ...warnings].map((error) => ({ position: this.#at(error.pos[0]), message: error.message }));
  }

  /** @throws Error when aliases multiply beyond reason. */
  toValue(): unknown {
    return this.#document.toJS({ maxAliasCount: 100 }) as unknown;
  }

  /** Where a value stands; of one that is not there, the nearest thing around it. */
  positionOfValue(path: SourcePath): SourcePosition {
    return this.#at(this.#walk(path).valueOffset);
  }

  /** Where the key of a value stands, and for an item of a list the item itself. */
  positionOfKey(path: SourcePath): SourcePosition {
    return this.#at(this.#walk(path).keyOffset);
  }

  #at(offset: number): SourcePosition {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  }

  #walk(path: SourcePath): { keyOffset: number; valueOffset: number } {
    let found = this.#place(this.#document.contents, undefined, 0);
    for (const segment of path) {
      const next = this.#child(found.node, segment, found.valueOffset);
      if (next === undefined) break;
      found = next;
    }
    return found;
  }

  #child(parent: Node | undefined, segment: string | number, around: number): Place | undefined {
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(segment));
      return pair && this.#place(pair.value as Node | null, pair.key as Node, around);
    }
    if (!isSeq(parent)) return undefined;
    const item = parent.items[Number(segment)] as Node | undefined;
    return item && this.#place(item, undefined, around);
  }

  #place(node: Node | null, key: Node | undefined, around: number): Place {
    const keyOffset = key?.range?.[0];
    const valueOffset = node?.range?.[0] ?? keyOffset ?? around;
    const resolved = isAlias(node) ? node.resolve(this.#document) : node;
    return { node: resolved ?? undefined, keyOffset: keyOffset ?? valueOffset, valueOffset };
  }
}

interface Place {
  readonly node: Node | undefined;
  readonly keyOffset: number;
  readonly valueOffset: number;
}
