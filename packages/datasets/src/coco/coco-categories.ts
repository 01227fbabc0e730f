import type { AnnotationKind } from '../model/annotated-picture.js';
import type { BeginDatasetOptions } from '../model/dataset-writer.js';
import type { KeypointShape } from '../model/dataset-reader.js';

/** The classes of all splits, with the same ids in each: the source's own list, then what else there is, sorted. */
export class CocoCategories {
  readonly #ids = new Map<string, number>();
  readonly #shapes: ReadonlyMap<string, KeypointShape>;

  constructor({ sourceClasses = [], survey }: BeginDatasetOptions, kinds: readonly AnnotationKind[]) {
    this.#shapes = survey?.keypointShapes ?? new Map();
    const found = kinds.flatMap((kind) => survey?.classesByKind.get(kind) ?? []);
    const isFound = new Set(found);
    const sorted = (survey?.classes ?? []).filter((name) => isFound.has(name));
    for (const name of [...sourceClasses, ...sorted]) if (!this.#ids.has(name)) this.#ids.set(name, this.#ids.size + 1);
  }

  get shapes(): ReadonlyMap<string, KeypointShape> {
    return this.#shapes;
  }

  /** @throws Error for a class that the first reading of the data set has not found */
  idOf(className: string): number {
    const id = this.#ids.get(className);
    if (id === undefined)
      throw new Error(`The class '${className}' came up while the data set was read a second time.`);
    return id;
  }

  toJson(): object[] {
    return [...this.#ids].map(([name, id]) => ({ id, name, supercategory: name, ...pointsOf(this.#shapes.get(name)) }));
  }
}

function pointsOf(shape: KeypointShape | undefined): object {
  if (shape === undefined) return {};
  const names = shape.names ?? Array.from({ length: shape.count }, (_, index) => `keypoint_${index}`);
  return { keypoints: names, skeleton: (shape.skeleton ?? []).map(([from, to]) => [from + 1, to + 1]) };
}
