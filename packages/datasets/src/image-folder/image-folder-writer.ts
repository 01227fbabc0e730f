import { writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

import type { AnnotatedPicture, ClassificationAnnotation } from '../model/annotated-picture.js';
import { annotationLabel } from '../model/annotation-label.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter, FinishedDataset } from '../model/dataset-writer.js';
import type { LeftOutCode } from '../model/left-out.js';
import { makeSplitFolders } from '../pictures/make-split-folders.js';
import { placePicture } from '../pictures/place-picture.js';
import { unsafeName } from '../pictures/safe-name.js';
import { pictureLabel, splitFolder, usablePicture } from '../pictures/usable-picture.js';

/** Beside the folders of classes. */
export const CLASS_LIST = 'classes.txt';

/**
 * A folder for each class, with its pictures: what image classifiers are trained with. A picture has one class, the first one
 * it is given. Every class has a folder in every split, also where it has no pictures, as its place in the sorted list of
 * folders is its number.
 */
export const imageFolderWriter: DatasetWriter = {
  format: 'imagefolder',
  wantsSurvey: true,
  async begin(options) {
    const classes = classesOf(options);
    await makeSplitFolders(options, ['.', ...classes]);
    return new ImageFolder(options, classes);
  },
};

const NEEDS = 'this format needs classifications';

class ImageFolder implements DatasetSink {
  readonly #options: BeginDatasetOptions;
  readonly #classes: readonly string[];

  constructor(options: BeginDatasetOptions, classes: readonly string[]) {
    this.#options = options;
    this.#classes = classes;
  }

  async add(picture: AnnotatedPicture): Promise<number | undefined> {
    const { leaveOut, copyPictures: copy } = this.#options;
    const label = pictureLabel(picture);
    const tell = (code: LeftOutCode, reason: string): undefined => {
      leaveOut({ code, reason, picture: label });
    };
    const chosen = this.#choose(picture);
    if (chosen === undefined) return tell('class_count', `The picture ${label} has no class; ${NEEDS}.`);
    const unsafe = unsafeClass(chosen.className);
    if (unsafe !== undefined) return tell('class_name_unsafe', `A class is named by a folder. ${unsafe}`);
    const file = usablePicture(picture, leaveOut);
    if (file === undefined) return undefined;
    const folder = join(splitFolder(this.#options.folder, picture.split), chosen.className);
    const to = join(folder, picture.name + extname(file.path));
    if ((await placePicture(file.path, { to, copy })) === 'placed') return 1;
    return tell(
      'picture_duplicate',
      `There is another picture with the name ${label} and the class '${chosen.className}'.`,
    );
  }

  /** The first class; of all else it is told that it is left out. */
  #choose(picture: AnnotatedPicture): ClassificationAnnotation | undefined {
    let chosen: ClassificationAnnotation | undefined;
    for (const [index, annotation] of picture.annotations.entries()) {
      if (annotation.kind === 'classification' && chosen === undefined) {
        chosen = annotation;
        continue;
      }
      const isClass = annotation.kind === 'classification';
      this.#options.leaveOut({
        code: isClass ? 'class_count' : 'kind_not_supported',
        picture: pictureLabel(picture),
        annotation: annotationLabel(annotation, index),
        reason: isClass
          ? `A picture has one folder, and so one class; '${annotation.className}' is one more.`
          : `A folder of pictures has no place for a ${annotation.kind}; ${NEEDS}.`,
      });
    }
    return chosen;
  }

  async finish(): Promise<FinishedDataset> {
    await writeFile(join(this.#options.folder, CLASS_LIST), `${this.#classes.join('\n')}\n`);
    return { configPath: CLASS_LIST };
  }
}

/** All classes that pictures have; or the source's own list, where it is one of such classes. */
function classesOf({ survey, sourceClasses = [] }: BeginDatasetOptions): string[] {
  const seen = survey?.classesByKind.get('classification') ?? [];
  const areOfPictures = survey?.classesByKind.size === 1 && seen.every((name) => sourceClasses.includes(name));
  return (areOfPictures && seen.length > 0 ? sourceClasses : seen).filter((name) => unsafeClass(name) === undefined);
}

function unsafeClass(name: string): string | undefined {
  return unsafeName(name) ?? (name === CLASS_LIST ? `'${name}' is the name of the list of classes.` : undefined);
}
