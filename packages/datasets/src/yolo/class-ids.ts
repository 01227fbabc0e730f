import { DatasetError } from '../dataset-error.js';

/** Numbers of classes, in the order of a list. */
export class ClassIds {
  readonly names: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;

  constructor(names: Iterable<string>) {
    this.names = [...new Set(names)];
    this.#ids = new Map(this.names.map((name, id) => [name, id]));
  }

  /** @throws DatasetError when the class was not there when the data set was read for the first time */
  of(name: string): number {
    const id = this.#ids.get(name);
    if (id !== undefined) return id;
    throw new DatasetError({
      code: 'dataset_not_readable',
      message: `The class '${name}' was not there when the data set was read first: it was changed meanwhile. Convert it again.`,
    });
  }
}
