import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { BeginDatasetOptions, DatasetSink, DatasetWriter, FinishedDataset } from '../model/dataset-writer.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { makeSplitFolders } from '../pictures/make-split-folders.js';
import { splitFolder } from '../pictures/usable-picture.js';
import { ClassIds } from './class-ids.js';
import { datasetYaml } from './dataset-yaml.js';
import { isClassSafe, labelLine, labelPicture, writeLabeled } from './label-picture.js';
import { yoloTasks, type LabelRules } from './labels-of.js';
import { poseShapeOf } from './pose-shape.js';

/**
 * The layout that trainers take: `images/`, `labels/` (below a folder for each split, if there are splits), `classes.txt`, and
 * `dataset.yaml` with the place of all that.
 */
export const yoloWriter: DatasetWriter = {
  format: 'yolo',
  wantsSurvey: true,
  async begin(options) {
    await makeSplitFolders(options, ['images', 'labels']);
    return new TrainingLayout(options);
  },
};

class TrainingLayout implements DatasetSink {
  readonly #options: BeginDatasetOptions;
  readonly #classes: ClassIds;
  readonly #rules: LabelRules;

  constructor(options: BeginDatasetOptions) {
    this.#options = options;
    this.#rules = {
      edge: options.outside ?? 'keep',
      masks: options.segmentation ?? 'instance',
      pose: poseShapeOf(options.survey?.keypointShapes),
    };
    const { sourceClasses = [] } = options;
    this.#classes = new ClassIds([...sourceClasses, ...seenClasses(options)].filter(isClassSafe));
  }

  async add(picture: AnnotatedPicture): Promise<number | undefined> {
    const { leaveOut, copyPictures } = this.#options;
    const labeled = labelPicture(picture, { rules: this.#rules, leaveOut });
    if (labeled === undefined) return undefined;
    const labels = labeled.annotations.flatMap((annotation) => annotation.labels);
    const inOrder = yoloTasks.flatMap((task) => labels.filter((label) => label.task === task));
    const text = inOrder.map((label) => labelLine(this.#classes.of(label.className), label)).join('\n');
    const folder = splitFolder(this.#options.folder, picture.split);
    const written = await writeLabeled(labeled, { folder, text, leaveOut, copyPictures });
    return written ? labeled.annotations.length : undefined;
  }

  async finish(): Promise<FinishedDataset> {
    const { folder, finalFolder, splits, survey } = this.#options;
    const classes = this.#classes.names;
    const yaml = datasetYaml({ finalFolder, splits, classes, pose: this.#rules.pose, survey });
    await writeFile(join(folder, 'classes.txt'), `${classes.join('\n')}\n`);
    await writeFile(join(folder, 'dataset.yaml'), yaml);
    return { configPath: 'dataset.yaml' };
  }
}

/** Classes of all that can have a label, whether or not it gets one, sorted. */
function seenClasses({ survey, segmentation }: BeginDatasetOptions): string[] {
  const kinds = new Set([
    'box',
    'polygon',
    'keypoints',
    ...(segmentation === undefined || segmentation === 'instance' ? ['mask'] : []),
  ]);
  const seen = [...(survey?.classesByKind ?? [])].flatMap(([kind, names]) => (kinds.has(kind) ? names : []));
  return seen.sort(compareCodePoints);
}
