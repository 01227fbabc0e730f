import type { JsonObject } from '@synapse-steps/core';

import type { Annotation, Box, Size } from '../model/annotated-picture.js';
import type { LeftOutCode } from '../model/left-out.js';
import { childOf, numberOf, parseXmlTree, textOf, XmlError, type XmlElement } from './xml-tree.js';

/** What one file of VOC says. */
export interface VocPicture {
  readonly fileName: string | undefined;
  readonly size: Size | undefined;
  readonly annotations: readonly Annotation[];
  /** Of objects, by their place in the file. */
  readonly told: readonly VocTold[];
}

interface VocTold {
  readonly code: LeftOutCode;
  readonly reason: string;
  readonly annotation: string;
}

/**
 * Corners are taken as they are: x from `xmin` to `xmax`, as the SDK and most tools write them. (The original data set counted
 * pixels from 1, the last one included; a file does not say which of the two it means.)
 *
 * @throws XmlError
 */
export function parseVoc(text: string): VocPicture {
  const root = parseXmlTree(text);
  if (root.name !== 'annotation') throw new XmlError(`its element is <${root.name}>, not <annotation>`);
  const annotations: Annotation[] = [];
  const told: VocTold[] = [];
  const objects = root.children.filter(({ name }) => name === 'object');
  for (const [index, object] of objects.entries()) {
    const read = parseObject(object);
    const reduced = partsOf(object);
    if (typeof read === 'string') told.push({ code: 'geometry_invalid', reason: read, annotation: `${index}` });
    else annotations.push(read);
    if (typeof read !== 'string' && reduced !== undefined) {
      told.push({ code: 'reduced', reason: reduced, annotation: `${index}` });
    }
  }
  return { fileName: textOf(root, 'filename')?.trim(), size: parseSize(childOf(root, 'size')), annotations, told };
}

function parseSize(size: XmlElement | undefined): Size | undefined {
  const [width = 0, height = 0] = [numberOf(size, 'width'), numberOf(size, 'height')];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** An annotation, or why it is none. */
function parseObject(object: XmlElement): Annotation | string {
  const className = textOf(object, 'name');
  if (className === undefined) return 'An object has no name.';
  const box = parseBox(childOf(object, 'bndbox'));
  if (box === undefined) return `The box of '${className}' is not of four numbers with a width and a height.`;
  const attributes = attributesOf(object);
  return { kind: 'box', className, box, ...(Object.keys(attributes).length > 0 && { attributes }) };
}

/** Two corners, in whichever order. */
function parseBox(bounds: XmlElement | undefined): Box | undefined {
  const [xmin, ymin, xmax, ymax] = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) => numberOf(bounds, name));
  if (xmin === undefined || ymin === undefined || xmax === undefined || ymax === undefined) return undefined;
  const [width, height] = [Math.abs(xmax - xmin), Math.abs(ymax - ymin)];
  return width > 0 && height > 0 ? { x: Math.min(xmin, xmax), y: Math.min(ymin, ymax), width, height } : undefined;
}

/** What differs from what is written when nothing is known. */
function attributesOf(object: XmlElement): JsonObject {
  const pose = textOf(object, 'pose');
  return {
    ...(pose !== undefined && pose !== 'Unspecified' && { pose }),
    ...(numberOf(object, 'truncated') === 1 && { truncated: 1 }),
    ...(numberOf(object, 'difficult') === 1 && { difficult: 1 }),
  };
}

function partsOf(object: XmlElement): string | undefined {
  const more = ['polygon', 'part'].filter((name) => childOf(object, name) !== undefined);
  return more.length === 0 ? undefined : `Only the box of an object is read, not its ${more.join('s and ')}s.`;
}
