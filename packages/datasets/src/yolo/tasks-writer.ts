import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AnnotatedPicture, AnnotationKind } from '../model/annotated-picture.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter, FinishedDataset } from '../model/dataset-writer.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { makeSplitFolders } from '../pictures/make-split-folders.js';
import { filesIn } from '../pictures/picture-index.js';
import { splitFolder } from '../pictures/usable-picture.js';
import { ClassIds } from './class-ids.js';
import { placesOf, poseLines } from './dataset-yaml.js';
import { isClassSafe, labelLine, labelPicture, writeLabeled, type LabeledPicture } from './label-picture.js';
import { yoloTasks, type LabelRules, type YoloTask } from './labels-of.js';
import { PERSON_FLIP, PERSON_POINTS } from './person-17.js';

/**
 * The layout for export: a folder for each task (`detect/`, `segment/`, `pose/`), each of them a data set of its own with all
 * pictures. A pose is that of a person with the 17 points of COCO. Class numbers are those of classes that have labels.
 */
export const yoloTasksWriter: DatasetWriter = {
  format: 'yolo-tasks',
  wantsSurvey: true,
  async begin(options) {
    for (const task of yoloTasks) {
      await makeSplitFolders({ ...options, folder: join(options.folder, task) }, ['images', 'labels']);
    }
    return new TaskLayout(options);
  },
};

const PERSON = {
  names: PERSON_POINTS,
  count: PERSON_POINTS.length,
  flip: PERSON_FLIP,
  className: 'person',
  saidOnly: true,
};

class TaskLayout implements DatasetSink {
  readonly #options: BeginDatasetOptions;
  readonly #rules: LabelRules;
  /** Of all classes that may get labels; if some get none, label files are gone through once more. */
  readonly #classes: Readonly<Record<YoloTask, ClassIds>>;
  readonly #labeled: Readonly<Record<YoloTask, Set<string>>> = {
    detect: new Set(),
    segment: new Set(),
    pose: new Set(),
  };

  constructor(options: BeginDatasetOptions) {
    this.#options = options;
    this.#rules = { edge: options.outside ?? 'leave-out', masks: options.segmentation ?? 'instance', pose: PERSON };
    const seen = (...kinds: readonly AnnotationKind[]): ClassIds =>
      new ClassIds(sorted(kinds.flatMap((kind) => options.survey?.classesByKind.get(kind) ?? []).map(normalized)));
    this.#classes = { detect: seen('box'), segment: seen('polygon', 'mask'), pose: new ClassIds([PERSON.className]) };
  }

  async add(picture: AnnotatedPicture): Promise<number | undefined> {
    const { leaveOut } = this.#options;
    const labeled = labelPicture(picture, { rules: this.#rules, leaveOut });
    if (labeled === undefined) return undefined;
    for (const task of yoloTasks) {
      if (!(await this.#write(task, labeled, picture.split))) return undefined;
    }
    return labeled.annotations.length;
  }

  async #write(task: YoloTask, picture: LabeledPicture, split: string | undefined): Promise<boolean> {
    const { folder, leaveOut, copyPictures } = this.#options;
    const byId = picture.annotations.toSorted((a, b) => compareCodePoints(a.id, b.id));
    const labels = byId.flatMap((annotation) => annotation.labels.filter((label) => label.task === task));
    let text = '';
    for (const label of labels) {
      const className = normalized(label.className);
      this.#labeled[task].add(className);
      text += `${labelLine(this.#classes[task].of(className), label)}\n`;
    }
    return writeLabeled(picture, { folder: splitFolder(join(folder, task), split), text, leaveOut, copyPictures });
  }

  async finish(): Promise<FinishedDataset> {
    for (const task of yoloTasks) {
      const folder = join(this.#options.folder, task);
      const classes = new ClassIds(sorted(this.#labeled[task]));
      if (classes.names.length < this.#classes[task].names.length)
        await this.#renumber(folder, this.#classes[task], classes);
      await writeFile(join(folder, 'dataset.yaml'), this.#yaml(task, classes.names));
    }
    return { configPath: undefined };
  }

  async #renumber(folder: string, before: ClassIds, after: ClassIds): Promise<void> {
    for (const split of this.#options.splits ?? [undefined]) {
      const labels = join(splitFolder(folder, split), 'labels');
      for (const file of await filesIn(labels)) {
        this.#options.signal?.throwIfAborted();
        const text = await readFile(join(labels, file), 'utf8');
        const renumbered = text.replaceAll(/^\d+/gmu, (id) => String(after.of(before.names[Number(id)] ?? '')));
        if (renumbered !== text) await writeFile(join(labels, file), renumbered);
      }
    }
  }

  #yaml(task: YoloTask, classes: readonly string[]): string {
    const lines = [
      ...placesOf(this.#options.splits),
      `nc: ${classes.length}`,
      `names: [${classes.map((name) => JSON.stringify(name)).join(', ')}]`,
      ...(task === 'pose' ? poseLines(PERSON) : []),
    ];
    return `${lines.join('\n')}\n`;
  }
}

/** The same name, however it was typed: accents in one piece, no space around it. */
function normalized(name: string): string {
  return name.trim().normalize('NFC');
}

function sorted(names: Iterable<string>): string[] {
  return [...names].filter(isClassSafe).sort(compareCodePoints);
}
