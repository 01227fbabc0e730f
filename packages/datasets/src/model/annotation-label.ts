import type { Annotation } from './annotated-picture.js';

/** What reports call an annotation: its id, else the line of its file, else its place among those of its picture. */
export function annotationLabel({ id, line }: Annotation, index: number): string {
  return id ?? (line === undefined ? `${index}` : `line ${line}`);
}
