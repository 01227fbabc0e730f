import type { PatchOperation } from '../json/json-patch.js';
import { toPointer } from '../json/json-value.js';
import type { BaseStepContext } from './base-step-context.js';

/**
 * Finds what steps of this process changed in a context's fields since it last looked: each field's JSON is compared with
 * the text of before. A change, however deep, is found; it is told as a change of the whole field.
 */
export class ContextTracker {
  readonly #context: BaseStepContext;
  readonly #known = new Map<string, string>();

  constructor(context: BaseStepContext) {
    this.#context = context;
    this.#look();
  }

  /** The changes since the last call. @throws UnserialisableValueError naming a field that is not JSON. */
  takeChanges(): PatchOperation[] {
    return this.#look();
  }

  /** These fields changed in a way that has been told already. */
  skipFields(fields: Iterable<string>): void {
    const json = this.#context.toJSON();
    for (const field of fields) {
      const value = json[field];
      if (value === undefined) this.#known.delete(field);
      else this.#known.set(field, JSON.stringify(value));
    }
  }

  #look(): PatchOperation[] {
    const json = this.#context.toJSON();
    const changes: PatchOperation[] = [];
    for (const [field, value] of Object.entries(json)) {
      const text = JSON.stringify(value);
      const before = this.#known.get(field);
      if (text === before) continue;
      this.#known.set(field, text);
      changes.push({ op: before === undefined ? 'add' : 'replace', path: toPointer([field]), value });
    }
    for (const field of this.#known.keys()) {
      if (field in json) continue;
      this.#known.delete(field);
      changes.push({ op: 'remove', path: toPointer([field]) });
    }
    return changes;
  }
}
