import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';

export interface AnnotatedPictures {
  readonly pictures: number;
  /** Of each picture. */
  readonly boxes: number;
}

const WIDTH = 320;
const HEIGHT = 240;
const CLASSES = ['bicycle', 'bird', 'boat', 'bus', 'car', 'cat', 'dog', 'horse', 'person', 'train'];

/** Writes a data set as the backend has it (DM v2): `json/` beside `original_files/`. The same each time. */
export async function writeAnnotatedPictures(folder: string, { pictures, boxes }: AnnotatedPictures): Promise<void> {
  for (const name of ['json', 'original_files']) await mkdir(join(folder, name), { recursive: true });
  const [width, height] = [WIDTH, HEIGHT];
  const png = encode({ width, height, data: new Uint8Array(width * height), channels: 1, depth: 8 });
  for (let number = 0; number < pictures; number += 1) {
    const stem = `picture-${String(number).padStart(5, '0')}`;
    await writeFile(join(folder, 'original_files', `${stem}.png`), png);
    await writeFile(join(folder, 'json', `${stem}.json`), JSON.stringify(annotations(number, boxes)));
  }
}

/** Boxes that lie inside the picture, in whole pixels, spread over it. */
function annotations(picture: number, boxes: number): object {
  const bounding = Array.from({ length: boxes }, (_, index) => {
    const place = picture * 31 + index * 17;
    const [x, y] = [(place * 7) % (WIDTH / 2), (place * 5) % (HEIGHT / 2)];
    const data = [x, y, 8 + (place % 120), 8 + (place % 90)];
    return { id: `b${picture}-${index}`, classification: CLASSES[place % CLASSES.length], attrs: [], data };
  });
  const none = { polygon: [], keypoint: [], classification: [], polyline: [], relation: [], group: [] };
  return { classification: { bounding_box: CLASSES }, images: [{ bounding_box: bounding, ...none }] };
}
