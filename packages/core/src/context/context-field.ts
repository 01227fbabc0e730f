import { isPlainJson } from '../json/is-plain-json.js';
import { encodeJson } from '../json/json-value.js';

/** One field of a context: its value, and what was last noted of it. */
export class ContextField {
  readonly name: string;
  value: unknown = undefined;
  /** Who was the last to read a mutable value or to assign one, as far as that is known. */
  by: string | undefined;
  /** The accessor's `get`, to recognise a property that was defined anew. */
  getter: (() => unknown) | undefined;
  #noted: unknown = undefined;
  /** The JSON text of the noted value; only of one that was handed out. */
  #text: string | undefined;
  #isHandedOut = false;
  /** The value that was found to be frozen all through. */
  #frozen: unknown = undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** Whether the field was there when it was last noted. */
  get existed(): boolean {
    return this.#noted !== undefined;
  }

  /** Whether somebody else may hold its value and change it. */
  get isHandedOut(): boolean {
    return this.#isHandedOut;
  }

  handOut(by: string | undefined): unknown {
    this.by = by;
    if (!this.#isHandedOut && this.value !== this.#frozen) {
      this.#isHandedOut = true;
      this.#text = this.#textOrNone();
    }
    return this.value;
  }

  /** Whoever assigns a mutable value may hold on to it. */
  assign(value: unknown, by: string | undefined): void {
    this.value = value;
    this.by = by;
    this.#isHandedOut = isMutable(value);
  }

  /** Whether it has changed since it was last noted, which it is now. @throws UnserialisableValueError when it is no JSON. */
  takeChange(): boolean {
    const { value } = this;
    if (!isMutable(value)) return this.#takeConstant(value);
    if (!this.#isHandedOut && value === this.#noted) return false;
    const text = this.#textNow();
    const hasChanged = text !== this.#text;
    this.#noted = value;
    this.#text = text;
    if (isFrozen(value)) {
      this.#frozen = value;
      this.#isHandedOut = false;
    }
    return hasChanged;
  }

  /** Notes the value as it is; whether it was handed out before is for the caller to say. */
  settle(isHandedOut: boolean): void {
    this.#noted = this.value;
    this.#isHandedOut = isHandedOut && isMutable(this.value);
    this.#text = this.#isHandedOut ? this.#textOrNone() : undefined;
  }

  #takeConstant(value: unknown): boolean {
    if (Object.is(value, this.#noted)) return false;
    if (value !== undefined) encodeJson(value, `The context's field '${this.name}'`);
    this.#noted = value;
    this.#text = undefined;
    return true;
  }

  #textNow(): string {
    const { value } = this;
    return JSON.stringify(isPlainJson(value) ? value : encodeJson(value, `The context's field '${this.name}'`));
  }

  /** What is no JSON has no text; that is told when somebody looks for changes. */
  #textOrNone(): string | undefined {
    try {
      return this.#textNow();
    } catch {
      return undefined;
    }
  }
}

/** Whether a value may change while it stays the same one. */
export function isMutable(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether nothing inside a list or a plain object can change any more. */
function isFrozen(value: unknown): boolean {
  if (!isMutable(value)) return typeof value !== 'function';
  if (!Object.isFrozen(value)) return false;
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (descriptor) => 'value' in descriptor && isFrozen(descriptor.value),
  );
}
