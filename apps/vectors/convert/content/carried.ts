import type { Content, Picture, Size, Thing } from './content.js';

// What of a data set another format can carry, as this project promises it.

export interface CarryOptions {
  readonly segmentation?: 'instance' | 'semantic' | 'exclude' | undefined;
}

type Carry = (things: readonly Thing[], size: Size, options: CarryOptions) => Thing[];

const CARRIES: Readonly<Record<string, Carry>> = {
  yolo: carriedByYolo,
  'yolo-tasks': carriedByTasks,
  coco: carriedByCoco,
  pascal: carriedByVoc,
  imagefolder: (things) =>
    things
      .filter(({ kind }) => kind === 'classification')
      .slice(0, 1)
      .map(bare),
  dm_v1: (things) => joined(things),
  dm_v2: (things) => joined(things),
};

/** Attributes that Pascal VOC has names for. */
export const VOC_ATTRIBUTES = ['pose', 'truncated', 'difficult'];

/** The same data set, less what the format has no way to say. */
export function carried(content: Content, format: string, options: CarryOptions = {}): Content {
  const carry = CARRIES[format];
  if (carry === undefined) throw new Error(`Nobody here knows what the format '${format}' carries.`);
  const pictures = content.pictures
    // A document of DM may stand alone.
    .filter(({ bytes }) => bytes !== '' || format.startsWith('dm_'))
    .map((picture): Picture => ({
      ...picture,
      things: carry(picture.things.filter(isNamedFor(format)), picture.size, options),
    }));
  const isKept = ({ things }: Picture): boolean => format !== 'imagefolder' || things.length > 0;
  return { classes: classesOf(content, format), pictures: pictures.filter(isKept) };
}

const LISTED: Readonly<Record<string, readonly Thing['kind'][]>> = {
  yolo: ['box', 'polygon', 'pose', 'mask'],
  coco: ['box', 'polygon', 'pose', 'mask'],
  imagefolder: ['classification'],
};

/** Those of the source's own list, in its order; else all that its annotations have, sorted. */
function classesOf(source: Content, format: string): readonly string[] | undefined {
  const kinds = LISTED[format];
  if (kinds === undefined) return undefined;
  const things = source.pictures.flatMap((picture) => joined(picture.things.filter(isNamedFor(format))));
  const found = new Set(things.flatMap(({ kind, className }) => (kinds.includes(kind) ? [className] : [])));
  return source.classes ?? [...found].sort();
}

/** An empty name is none; where a line of a file holds one, it has no line breaks. */
function isNamedFor(format: string): (thing: Thing) => boolean {
  const isLine = format.startsWith('yolo') || format === 'imagefolder';
  return ({ className }) => className !== '' && !(isLine && /[\r\n]/.test(className));
}

/** An annotation without what most formats have no words for. */
function bare(thing: Thing): Thing {
  return { ...thing, attributes: {} };
}

/** With one object for all points of a group; a box that the group lists beside them is the object's box. */
export function joined(things: readonly Thing[]): Thing[] {
  const isJoined = ({ kind, group }: Thing): boolean => kind === 'point' && group !== undefined;
  const boxes = things.filter(({ kind }) => kind === 'box');
  const others = things.filter((thing) => thing.kind !== 'box' && thing.kind !== 'pose' && !isJoined(thing));
  return [...withoutThoseOfPoses(boxes, things), ...others, ...posesOf(things)];
}

/** Only what lies inside, and people with seventeen points. */
function carriedByTasks(things: readonly Thing[], size: Size, options: CarryOptions): Thing[] {
  const inside = things.filter(({ kind, numbers }) => kind !== 'box' || isInside(numbers, size));
  return carriedByYolo(inside, size, options).filter(({ kind }) => kind !== 'pose');
}

function isInside([x = 0, y = 0, w = 0, h = 0]: readonly number[], { width, height }: Size): boolean {
  return w > 0 && h > 0 && x >= 0 && y >= 0 && x + w <= width && y + h <= height;
}

/** Boxes and points of objects as they are, while their numbers are shares of the picture; outlines inside of it. */
function carriedByYolo(things: readonly Thing[], size: Size, { segmentation = 'instance' }: CarryOptions): Thing[] {
  const boxes = things.filter(({ kind, numbers }) => kind === 'box' && isShareOf(numbers, size));
  const outlines = things.filter(({ kind, numbers }) => kind === 'polygon' && isOutline(numbers, size));
  const masks = segmentation === 'instance' ? things.filter(({ kind }) => kind === 'mask') : [];
  const areas = masks.flatMap((mask) => areasOf(mask, size));
  return [...withoutThoseOfPoses(boxes, things), ...outlines, ...areas, ...posesOf(things)].map(bare);
}

function carriedByCoco(things: readonly Thing[], _size: Size, { segmentation = 'instance' }: CarryOptions): Thing[] {
  const boxes = things.filter(
    ({ kind, numbers: [, , width = 0, height = 0] }) => kind === 'box' && width > 0 && height > 0,
  );
  const outlines = things.filter(({ kind, numbers }) => kind === 'polygon' && areaOf(numbers) > 0);
  const masks =
    segmentation === 'exclude' ? [] : things.filter(({ kind, numbers }) => kind === 'mask' && numbers.length > 0);
  return [...withoutThoseOfPoses(boxes, things), ...outlines, ...masks, ...posesOf(things)].map(bare);
}

/** Corners as whole numbers, to the even one of two that are as near (as Python rounds). */
function carriedByVoc(things: readonly Thing[]): Thing[] {
  return things.flatMap((thing): Thing[] => {
    const [x = 0, y = 0, width = 0, height = 0] = thing.numbers;
    if (thing.kind !== 'box' || width <= 0 || height <= 0) return [];
    const [left, top, right, bottom] = [x, y, x + width, y + height].map(roundHalfEven) as [
      number,
      number,
      number,
      number,
    ];
    const known = Object.entries(thing.attributes ?? {}).filter(([name]) => VOC_ATTRIBUTES.includes(name));
    const attributes = Object.fromEntries(known);
    return right > left && bottom > top
      ? [{ ...thing, numbers: [left, top, right - left, bottom - top], attributes }]
      : [];
  });
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  if (value - floor !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function isShareOf([x = 0, y = 0, w = 0, h = 0]: readonly number[], { width, height }: Size): boolean {
  const shares = [(x + w / 2) / width, (y + h / 2) / height, w / width, h / height];
  return shares.every((share) => share >= 0 && share <= 1);
}

function isOutline(numbers: readonly number[], { width, height }: Size): boolean {
  const points = pointsOf(numbers);
  const isInside = ([x = 0, y = 0]: readonly number[]): boolean => x >= 0 && y >= 0 && x <= width && y <= height;
  return new Set(points.map(String)).size >= 3 && points.every(isInside);
}

function pointsOf(numbers: readonly number[]): number[][] {
  return Array.from({ length: numbers.length / 2 }, (_, index) => [
    numbers[index * 2] ?? 0,
    numbers[index * 2 + 1] ?? 0,
  ]);
}

function areaOf(numbers: readonly number[]): number {
  const points = pointsOf(numbers);
  const doubled = points.map(([x = 0, y = 0], index) => {
    const [toX = 0, toY = 0] = points[(index + 1) % points.length] ?? [];
    return x * toY - toX * y;
  });
  return Math.abs(doubled.reduce((sum, part) => sum + part, 0)) / 2;
}

const PERSON = new Set([
  'nose',
  ...['eye', 'ear', 'shoulder', 'elbow', 'wrist', 'hip', 'knee', 'ankle'].flatMap((part) => [
    `left_${part}`,
    `right_${part}`,
  ]),
]);

/** Points of one group are one object; those that belong to none are left out. */
function posesOf(things: readonly Thing[]): Thing[] {
  const groups = new Map<string, Thing[]>();
  for (const thing of things) {
    if (thing.kind === 'point' && thing.group !== undefined)
      groups.set(thing.group, [...(groups.get(thing.group) ?? []), thing]);
  }
  const grouped = [...groups].map(([group, points]): Thing => {
    const isPerson = points.every(({ className }) => PERSON.has(className));
    const className = points[0]?.groupClass ?? (isPerson ? 'person' : 'keypoints');
    const box = things.find((thing) => thing.kind === 'box' && thing.group === group)?.numbers;
    return {
      kind: 'pose',
      className,
      ...(box && { box }),
      numbers: points.flatMap(({ numbers, visible = 2 }) => [...numbers, visible]),
    };
  });
  return [...things.filter(({ kind }) => kind === 'pose'), ...grouped];
}

/** A box that a group lists beside its points is the box of that object. */
function withoutThoseOfPoses(boxes: readonly Thing[], things: readonly Thing[]): Thing[] {
  const groups = new Set(things.flatMap(({ kind, group }) => (kind === 'point' && group !== undefined ? [group] : [])));
  return boxes.filter(({ group }) => group === undefined || !groups.has(group));
}

/** Each connected area of a mask as an outline of that extent; areas that are a line have none. */
function areasOf({ className, numbers }: Thing, { width }: Size): Thing[] {
  const left = new Set(numbers);
  return numbers.flatMap((first): Thing[] => {
    const area = takeArea(left, first, width);
    const [xs, ys] = [area.map((pixel) => pixel % width), area.map((pixel) => Math.floor(pixel / width))];
    const extent = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    if (area.length === 0 || extent[0] === extent[2] || extent[1] === extent[3]) return [];
    return [{ kind: 'outline', className, numbers: extent }];
  });
}

/** Pixels that touch, at a corner, too. */
function takeArea(left: Set<number>, first: number, width: number): number[] {
  const area: number[] = [];
  const open = [first];
  for (let pixel = open.pop(); pixel !== undefined; pixel = open.pop()) {
    if (!left.delete(pixel)) continue;
    area.push(pixel);
    const column = pixel % width;
    const steps = [-1, 0, 1].filter((step) => column + step >= 0 && column + step < width);
    open.push(...[-width, 0, width].flatMap((row) => steps.map((step) => (pixel ?? 0) + row + step)));
  }
  return area;
}
