import type { FolderVector } from '../cases/convert-vector.js';
import type { FolderExpectation } from '../cases/judge-folder.js';
import { isJson, type FileMap } from '../../actions/cases/file-value.js';
import { bytesOf, isPicture } from '../content/content.js';
import { pictureSizeOf } from '../content/picture-size.js';
import { settingsOf } from '../run/interpret-folder.js';
import { converted, raises } from './converted.js';
import type { ConvertRule } from './convert-rule.js';

/** Errors that Python throws when a program is wrong; what they say is no message of the SDK. */
const CRASHES = [
  'TypeError',
  'AttributeError',
  'KeyError',
  'IndexError',
  'UnboundLocalError',
  'ZeroDivisionError',
  'IsADirectoryError',
];
/** The same as messages of an error that programs throw on purpose, too. */
const CRASH_WORDS = /to unpack|^invalid literal for int|^could not convert string/;

/** What is broken costs itself only, and is told in the report. */
export const brokenInputRules: readonly ConvertRule[] = [
  {
    id: 'no-crash',
    defects: ['TA-01'],
    where: "an annotation has a form that the SDK's converter does not think of, such as single points for YOLO",
    sdk: 'fails with an error of Python',
    ours: 'converts what the format can say, and tells what it left out',
    why: 'one annotation is not the whole data set',
    folder(expect, vector) {
      const isCrash = CRASHES.includes(expect.raised?.type ?? '') || raises(expect, CRASH_WORDS);
      return isCrash && !raises(expect, /unexpected keyword argument/) ? converted(vector) : expect;
    },
  },
  {
    id: 'broken-picture-left-out',
    defects: [],
    where: 'one of the pictures is none',
    sdk: 'fails as a whole, or copies it without a look, or leaves it out; each format in its own way',
    ours: 'leaves the picture out, whatever the format, and tells so; it fails when none is left',
    why: 'one broken file is not the whole data set',
    folder(expect, vector) {
      const isTaken = expect.files !== undefined && hasBrokenPicture(expect.files);
      const isFatal = expect.raised?.type === 'UnidentifiedImageError' || raises(expect, /^SOURCE_IMAGE_INVALID/);
      return isTaken || isFatal ? converted(vector) : expect;
    },
  },
  {
    id: 'broken-document-left-out',
    defects: [],
    where: 'a document is no JSON, or has numbers that are none (NaN)',
    sdk: 'fails as a whole, or writes NaN into its own documents, which nobody can read then',
    ours: 'leaves out what is broken, and tells so',
    why: 'one broken file is not the whole data set',
    folder(expect, vector) {
      const isWritten = Object.entries(expect.files ?? {}).some(
        ([name, { text }]) => name.endsWith('.json') && text !== undefined && !isJson(text),
      );
      return isWritten || expect.raised?.type === 'JSONDecodeError' ? converted(vector) : expect;
    },
  },
  {
    id: 'nothing-is-an-error',
    defects: ['W-10'],
    where: 'no picture of a data set has what the format wants, such as a classification',
    sdk: 'writes a data set without pictures',
    ours: 'fails, and says what became of the first picture',
    why: 'a trainer would only fail later',
    folder: (expect) => (expect.files && !Object.keys(expect.files).some(isOfPicture) ? NOTHING : expect),
  },
  {
    id: 'class-is-one-folder',
    defects: [],
    where: 'a class name of an image folder would lead into another folder',
    sdk: 'makes folders in folders, which readers take for another class',
    ours: 'leaves the picture out, and tells so',
    why: 'a class is one folder, and nothing of a data set may lead out of its own',
    folder: (expect, vector) =>
      expect.files && vector.given.target === 'imagefolder' ? withSafeClasses(expect) : expect,
  },
  {
    id: 'strange-coco-is-read',
    defects: [],
    where: 'a COCO file has an annotation of a picture that is not listed, or runs of pixels as numbers',
    sdk: 'refuses the file',
    ours: 'leaves the annotation out and tells so; runs of pixels as numbers are COCO, too, and are read',
    why: 'one annotation is not the whole data set, and what pycocotools reads is to be read',
    folder: (expect, vector) => (isRefusedCoco(expect, vector) ? converted(vector) : expect),
  },
];

function hasBrokenPicture(files: FileMap): boolean {
  return Object.entries(files).some(([name, file]) => isPicture(name) && pictureSizeOf(bytesOf(file)) === undefined);
}

/** A picture, or a document of DM, which may stand alone. */
function isOfPicture(name: string): boolean {
  return isPicture(name) || name.endsWith('.json');
}

const NOTHING: FolderExpectation = { raised: { type: 'FileNotFoundError', message: 'Nothing of {any}' } };

/** Names that are one folder, on every system. */
function isSafe(className: string): boolean {
  return className !== '' && !/[/\\\0]|^\.{1,2}$/.test(className);
}

function withSafeClasses(expect: FolderExpectation): FolderExpectation {
  const classes = (expect.files?.['classes.txt']?.text ?? '').split('\n').filter((line) => line !== '');
  const unsafe = classes.filter((name) => !isSafe(name));
  if (unsafe.length === 0) return expect;
  const isBelow = (file: string): boolean => unsafe.some((name) => `/${file}`.includes(`/${name}/`));
  const kept = Object.entries(expect.files ?? {}).filter(([name]) => !isBelow(name));
  const text = classes
    .filter(isSafe)
    .map((name) => `${name}\n`)
    .join('');
  return { ...expect, files: { ...Object.fromEntries(kept), 'classes.txt': { text } } };
}

function isRefusedCoco({ raised }: FolderExpectation, { given }: FolderVector): boolean {
  return raised?.type === 'ValidationError' && settingsOf(given).from === 'coco';
}
