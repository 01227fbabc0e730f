import type { AnnotatedPicture, Annotation, AnnotationKind } from '../model/annotated-picture.js';
import type { DatasetSource, KeypointShape } from '../model/dataset-reader.js';
import type { DatasetSurvey } from '../model/dataset-writer.js';
import type { LeaveOut } from '../model/left-out.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';

export interface SurveyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onPicture?: (() => void) | undefined;
}

/** Reads a data set once, for what a format must know before its first picture. Keeps class names only. */
export async function surveyDataset(source: DatasetSource, options: SurveyOptions = {}): Promise<DatasetSurvey> {
  const survey = new Survey(source.keypointShapes);
  const silently: LeaveOut = () => undefined; // the second reading says it
  for await (const picture of source.pictures({ leaveOut: silently, signal: options.signal })) {
    options.signal?.throwIfAborted();
    survey.add(picture);
    options.onPicture?.();
  }
  return survey.result();
}

class Survey {
  readonly #kinds = new Map<AnnotationKind, Set<string>>();
  readonly #shapes: Map<string, KeypointShape>;
  readonly #told: ReadonlySet<string>;
  #pictures = 0;

  constructor(shapes: ReadonlyMap<string, KeypointShape> = new Map()) {
    this.#shapes = new Map(shapes);
    this.#told = new Set(shapes.keys());
  }

  add({ annotations }: AnnotatedPicture): void {
    this.#pictures += 1;
    for (const annotation of annotations) {
      if (annotation.kind === 'keypoints' && annotation.loose === true) continue; // its class is a point's name
      const names = this.#kinds.get(annotation.kind) ?? new Set();
      this.#kinds.set(annotation.kind, names.add(annotation.className));
      if (annotation.kind === 'keypoints' && !this.#told.has(annotation.className)) this.#widen(annotation);
    }
  }

  /** The names in the order in which they were first seen, or the most points that an object has. */
  #widen({ className, points }: Annotation & { kind: 'keypoints' }): void {
    const known = this.#shapes.get(className);
    const named = points.flatMap(({ name }) => name ?? []);
    const names = [...new Set([...(known?.names ?? []), ...named])];
    const count = Math.max(points.length, known?.count ?? 0, names.length);
    this.#shapes.set(className, { count, ...(names.length > 0 && { names }) });
  }

  result(): DatasetSurvey {
    const classesByKind = new Map([...this.#kinds].map(([kind, names]) => [kind, sorted(names)] as const));
    const classes = sorted(new Set([...this.#kinds.values()].flatMap((names) => [...names])));
    return { classes, classesByKind, keypointShapes: this.#shapes, pictures: this.#pictures };
  }
}

function sorted(names: ReadonlySet<string>): string[] {
  return [...names].sort(compareCodePoints);
}
