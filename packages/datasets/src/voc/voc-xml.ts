import type { BoxAnnotation, Size } from '../model/annotated-picture.js';

export interface VocFile {
  readonly fileName: string;
  readonly size: Size;
  readonly objects: readonly BoxAnnotation[];
}

/** The XML of one picture. Boxes are in whole pixels, since most readers take nothing else. */
export function vocXml({ fileName, size, objects }: VocFile): string {
  const lines = [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<annotation>',
    '  <folder>JPEGImages</folder>',
    `  <filename>${escapeXml(baseName(fileName))}</filename>`,
    `  <path>${escapeXml(`JPEGImages/${fileName}`)}</path>`,
    '  <source>',
    '    <database>Unknown</database>',
    '  </source>',
    '  <size>',
    `    <width>${size.width}</width>`,
    `    <height>${size.height}</height>`,
    '    <depth>3</depth>',
    '  </size>',
    '  <segmented>0</segmented>',
    ...objects.flatMap(objectLines),
    '</annotation>',
  ];
  return `${lines.join('\n')}\n`;
}

function objectLines({ className, box, attributes = {} }: BoxAnnotation): string[] {
  const pose = attributes['pose'];
  return [
    '  <object>',
    `    <name>${escapeXml(className)}</name>`,
    `    <pose>${typeof pose === 'string' && isXmlText(pose) ? escapeXml(pose) : 'Unspecified'}</pose>`,
    `    <truncated>${flag(attributes['truncated'])}</truncated>`,
    `    <difficult>${flag(attributes['difficult'])}</difficult>`,
    '    <bndbox>',
    `      <xmin>${roundHalfEven(box.x)}</xmin>`,
    `      <ymin>${roundHalfEven(box.y)}</ymin>`,
    `      <xmax>${roundHalfEven(box.x + box.width)}</xmax>`,
    `      <ymax>${roundHalfEven(box.y + box.height)}</ymax>`,
    '    </bndbox>',
    '  </object>',
  ];
}

function flag(value: unknown): 0 | 1 {
  return value === true || value === 1 ? 1 : 0;
}

/** To the nearest whole number, from the middle between two to the even one, as Python does. */
export function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  const up = rest > 0.5 || (rest === 0.5 && below % 2 !== 0);
  return (up ? below + 1 : below) + 0; // no -0
}

/** Whether XML can hold a text at all: it has no place for most control characters, and none for half a character. */
export function isXmlText(text: string): boolean {
  return !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(text);
}

function escapeXml(text: string): string {
  return text.replaceAll(/[&<>\t\n\r]/gu, (character) => {
    const named = NAMED[character];
    return named ?? `&#${character.charCodeAt(0)};`;
  });
}

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function baseName(fileName: string): string {
  return fileName.slice(fileName.lastIndexOf('/') + 1);
}
