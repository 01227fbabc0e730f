import { CONFIG_FILES } from '../../actions/model/config-files.js';
import type { FolderVector } from '../cases/convert-vector.js';
import type { FolderExpectation } from '../cases/judge-folder.js';
import { carried } from '../content/carried.js';
import type { Content, Picture, Thing } from '../content/content.js';
import { readContent } from '../content/read-content.js';
import { settingsOf } from '../run/interpret-folder.js';

// What rules have in common when the SDK has nothing that could be compared in full.

/** What the given files say. */
function givenContent({ given }: FolderVector): Content {
  return readContent(settingsOf(given).from, given.files, given.options.class_names);
}

export function givenThings(vector: FolderVector): Thing[] {
  return givenContent(vector).pictures.flatMap(({ things }: Picture) => things);
}

/** What ours writes: what the given files say, as far as the target carries it; an error when that is nothing. */
export function converted(vector: FolderVector): FolderExpectation {
  const missing = missingSplit(vector);
  if (missing !== undefined) {
    return raised(`Required directory "${missing}" does not exist: {root}/in/${missing}`);
  }
  const { to, segmentation } = settingsOf(vector.given);
  const content = carried(givenContent(vector), to, { segmentation });
  if (content.pictures.length === 0) return raised('{any}');
  const config = CONFIG_FILES[to];
  return {
    content: { ...content, pixels: to.startsWith('yolo') ? PIXELS_OF_LABELS : PIXELS },
    config_path: config === undefined ? null : `{root}/out/${config}`,
  };
}

const PIXELS = 1e-6;
/** Labels have six decimals of the picture's size. */
const PIXELS_OF_LABELS = 1e-3;

function raised(message: string): FolderExpectation {
  return { raised: { type: 'FileNotFoundError', message } };
}

/** A data set of DM or YOLO with splits has train and valid, as in the SDK. */
function missingSplit({ given }: FolderVector): string | undefined {
  if (given.options.is_categorized !== true || !/^(?:dm|yolo)/.test(given.source)) return undefined;
  const isThere = (split: string): boolean => Object.keys(given.files).some((name) => name.startsWith(`${split}/`));
  return ['train', 'valid'].find((split) => !isThere(split));
}

export function raises({ raised: error }: FolderExpectation, words: RegExp): boolean {
  return error?.message !== undefined && words.test(error.message);
}
