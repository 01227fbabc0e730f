import {
  bytesOf,
  inSplit,
  isPicture,
  namesIn,
  splitsOf,
  stemOf,
  type Content,
  type FileMap,
  type Picture,
  type Size,
  type Thing,
} from './content.js';
import { parseYaml } from '../../actions/cases/parse-yaml.js';
import { pictureSizeOf } from './picture-size.js';

/** What a YOLO data set says, in the layout for training or of one task. Lines that are none are left out. */
export function readYolo(files: FileMap, given: readonly string[] = []): Content {
  const config = configOf(files);
  const classes = given.length > 0 ? given : (config.names ?? namesInText(files) ?? []);
  const naming = { classes, points: config.kpt_shape?.[0] };
  return { classes, pictures: splitsOf(files, 'labels').flatMap((split) => picturesOf(files, split, naming)) };
}

const TASKS = ['detect', 'segment', 'pose'];

/** What the layout with a folder per task says: of each picture what its three label files say. */
export function readYoloTasks(files: FileMap): Content {
  const [first, ...others] = TASKS.map((task) => readYolo(below(files, task)));
  const pictures = (first?.pictures ?? []).map((picture): Picture => {
    const same = others.flatMap((other) =>
      other.pictures.filter(({ split, file }) => split === picture.split && file === picture.file),
    );
    return { ...picture, things: [picture, ...same].flatMap(({ things }) => things) };
  });
  return { classes: undefined, pictures };
}

function below(files: FileMap, folder: string): FileMap {
  const inside = Object.entries(files).filter(([name]) => name.startsWith(`${folder}/`));
  return Object.fromEntries(inside.map(([name, file]) => [name.slice(folder.length + 1), file]));
}

interface Config {
  readonly names?: readonly string[] | undefined;
  readonly kpt_shape?: readonly number[];
}

function configOf(files: FileMap): Config {
  const text = files['dataset.yaml']?.text;
  const config = (text === undefined ? {} : parseYaml(text)) as Config;
  return { ...config, names: config.names && Object.values(config.names).map(String) };
}

function namesInText(files: FileMap): string[] | undefined {
  return files['classes.txt']?.text?.split('\n').filter((line) => line.trim() !== '');
}

/** What numbers mean: classes by their place, and how many points an object has. */
interface Naming {
  readonly classes: readonly string[];
  readonly points: number | undefined;
}

/** All pictures; those without a file of labels show nothing. Labels without a picture are left out. */
function picturesOf(files: FileMap, split: string, naming: Naming): Picture[] {
  const folder = ['images', 'img', 'imgs'].find((name) => namesIn(files, inSplit(split, name)).length > 0) ?? 'images';
  return namesIn(files, inSplit(split, folder))
    .filter(isPicture)
    .flatMap((file): Picture[] => {
      const bytes = bytesOf(files[inSplit(split, `${folder}/${file}`)]);
      const size = pictureSizeOf(bytes);
      const label = `${stemOf(file)}.txt`;
      if (size === undefined) return [];
      const lines = (files[inSplit(split, `labels/${label}`)]?.text ?? '').split('\n');
      const things = lines.flatMap((line) => thingIn(line, naming, size));
      return [{ split, file, bytes: bytes.toString('base64'), size, things }];
    });
}

function thingIn(line: string, { classes, points }: Naming, size: Size): Thing[] {
  const [index = '', ...texts] = line.trim().split(/\s+/);
  const values = texts.map(Number);
  if (!/^\d+$/.test(index) || values.length < 4 || !values.every(Number.isFinite)) return [];
  const className = classes[Number(index)] ?? `class_${index}`;
  const isPose = points !== undefined && values.length === 4 + 3 * points;
  return thingOf(values, className, { size, isPose });
}

interface Reading {
  readonly size: Size;
  /** So many points as the data set says that objects have. */
  readonly isPose: boolean;
}

/** 4 numbers are a box, an even count is a polygon, 4 + 3n are the points of an object. */
function thingOf(values: readonly number[], className: string, { size, isPose }: Reading): Thing[] {
  const { width, height } = size;
  const scaled = (numbers: readonly number[], scale: readonly number[]): number[] =>
    numbers.map((value, place) => value * (scale[place % scale.length] ?? 1));
  const [cx = 0, cy = 0, w = 0, h = 0] = values;
  const box = scaled([cx - w / 2, cy - h / 2, w, h], [width, height]);
  if (values.length === 4) return [{ kind: 'box', className, numbers: box }];
  if (values.length % 2 === 0 && !isPose)
    return [{ kind: 'polygon', className, numbers: scaled(values, [width, height]) }];
  if ((values.length - 4) % 3 !== 0) return [];
  return [{ kind: 'pose', className, box, numbers: scaled(values.slice(4), [width, height, 1]) }];
}
