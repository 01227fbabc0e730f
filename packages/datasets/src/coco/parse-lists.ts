import type { JsonObject } from '@synapse-steps/core';

import { asList, asNumbers, asObject, asText } from '../dm/json-fields.js';
import type { Size } from '../model/annotated-picture.js';
import { pictureName } from '../pictures/picture-index.js';
import type { CocoCategory, CocoPicture } from './coco-file.js';

// Ids are kept as text: a long number, which is read as text, and the same number in quotes are one.

/** One item of `images`; `undefined` without an id or a file name. */
export function parsePicture(value: unknown): CocoPicture | undefined {
  const fields = asObject(value) ?? {};
  const id = asText(fields['id']);
  const fileName =
    asText(fields['file_name'])
      ?.replaceAll('\\', '/')
      .replace(/^(?:\.\/)+/u, '') ?? '';
  if (id === undefined || fileName === '') return undefined;
  const name = pictureName(fileName.replace(/^images\//u, '')); // the folder of all pictures is no part of their names
  return { id, fileName, name, size: parseSize(fields) };
}

function parseSize(fields: JsonObject): Size | undefined {
  const [width = 0, height = 0] = asNumbers([fields['width'], fields['height']]) ?? [];
  return width > 0 && height > 0 ? { width, height } : undefined;
}

/** One item of `categories`; `undefined` without an id or a name. */
export function parseCategory(value: unknown): (CocoCategory & { readonly id: string }) | undefined {
  const fields = asObject(value);
  const id = asText(fields?.['id']);
  const name = asText(fields?.['name']);
  if (fields === undefined || id === undefined || name === undefined || name === '') return undefined;
  const points = asList(fields['keypoints']).map((point) => asText(point));
  const names = points.flatMap((point) => point ?? []);
  const hasNames = names.length > 0 && new Set(names).size === points.length;
  return { id, name, keypoints: hasNames ? names : undefined, skeleton: parseSkeleton(fields['skeleton']) };
}

/** COCO counts points from 1. */
function parseSkeleton(value: unknown): [number, number][] | undefined {
  const pairs = asList(value).map((pair): [number, number] | undefined => {
    const [from, to] = asNumbers(pair) ?? [];
    return from !== undefined && to !== undefined && from >= 1 && to >= 1 ? [from - 1, to - 1] : undefined;
  });
  const known = pairs.flatMap((pair) => (pair === undefined ? [] : [pair]));
  return known.length > 0 ? known : undefined;
}
