import {
  bytesOf,
  inSplit,
  namesIn,
  splitsOf,
  stemOf,
  type Content,
  type FileMap,
  type Picture,
  type Thing,
} from './content.js';
import { parseXml, textIn, type XmlElement } from '../../actions/cases/xml.js';

/** What a Pascal VOC data set says: boxes, by corners. Descriptions that are none, or without a picture, are left out. */
export function readVoc(files: FileMap): Content {
  const folder = Object.keys(files).some((name) => /(?:^|\/)annotations\//.test(name)) ? 'annotations' : 'Annotations';
  const pictures = splitsOf(files, folder).flatMap((split) => picturesOf(files, split, folder));
  return { classes: undefined, pictures };
}

function picturesOf(files: FileMap, split: string, folder: string): Picture[] {
  return namesIn(files, inSplit(split, folder)).flatMap((name): Picture[] => {
    const annotation = parseXml(files[inSplit(split, `${folder}/${name}`)]?.text ?? '');
    const told = annotation && (textIn(annotation, 'filename') ?? stemOf(name));
    const path = pictureOf(files, split, [told ?? name, name]);
    if (annotation === undefined || path === undefined) return [];
    const size = annotation.children.find((child) => child.name === 'size');
    return [
      {
        split,
        file: path.slice(path.lastIndexOf('/') + 1),
        bytes: bytesOf(files[path]).toString('base64'),
        size: { width: Number(size && textIn(size, 'width')), height: Number(size && textIn(size, 'height')) },
        things: annotation.children.filter((child) => child.name === 'object').flatMap(thingOf),
      },
    ];
  });
}

/** By its name, or by one with another extension; else by the name of the description. */
function pictureOf(files: FileMap, split: string, names: readonly string[]): string | undefined {
  const places = ['JPEGImages', 'Images', 'images'].flatMap((place) =>
    namesIn(files, inSplit(split, place)).map((file) => inSplit(split, `${place}/${file}`)),
  );
  for (const name of names) {
    const found = places.find((one) => one.endsWith(`/${name}`) || stemOf(one).endsWith(`/${stemOf(name)}`));
    if (found !== undefined) return found;
  }
  return undefined;
}

function thingOf(object: XmlElement): Thing[] {
  const box = object.children.find((child) => child.name === 'bndbox');
  if (box === undefined) return [];
  const corners = ['xmin', 'ymin', 'xmax', 'ymax'].map((name) => Number(textIn(box, name)));
  const [left = 0, top = 0, right = 0, bottom = 0] = corners;
  const className = textIn(object, 'name') ?? '';
  return [
    { kind: 'box', className, numbers: [left, top, right - left, bottom - top], attributes: attributesOf(object) },
  ];
}

/** Those that say more than what is said of every object. */
function attributesOf(object: XmlElement): Record<string, unknown> {
  const pose = textIn(object, 'pose') ?? 'Unspecified';
  const flags = ['truncated', 'difficult'].filter((name) => textIn(object, name) === '1');
  return { ...(pose !== 'Unspecified' && { pose }), ...Object.fromEntries(flags.map((name) => [name, 1])) };
}
