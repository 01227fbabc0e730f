import { join } from 'node:path';

import { DatasetError } from '../dataset-error.js';
import type { AnnotatedPicture } from '../model/annotated-picture.js';
import type { DatasetReader, OpenDatasetOptions, ReadPicturesOptions } from '../model/dataset-reader.js';
import type { LeaveOut, LeftOutCode } from '../model/left-out.js';
import { compareCodePoints } from '../pictures/compare-code-points.js';
import { expectFolder, isFolder } from '../pictures/folders-in.js';
import { yoloTasks } from './labels-of.js';
import { PERSON_POINTS } from './person-17.js';
import { readYoloConfig, type YoloConfig } from './read-config.js';
import { findYoloSplits, type YoloSplit } from './yolo-folder.js';
import { keypointShapesOf, readYoloSplit } from './yolo-reader.js';

/** Reads the layout with a folder for each task: what these say of one picture is put together. A task may be missing. */
export const yoloTasksReader: DatasetReader = {
  format: 'yolo-tasks',
  async open(folder, options) {
    const tasks = await openTasks(folder, options);
    const splits = [...new Set(tasks.flatMap((task) => task.splits.map(({ split }) => split)))];
    const names = splits.filter((split) => split !== undefined);
    return {
      format: 'yolo-tasks',
      folder,
      splits: names.length > 0 ? names : undefined,
      classes: [...new Set(tasks.flatMap(({ config }) => config.classes))],
      keypointShapes: new Map(tasks.flatMap(({ config }) => [...(keypointShapesOf(config) ?? [])])),
      async *pictures(reading) {
        for (const split of splits) yield* merge(tasks.map((task, index) => readTask(task, { split, index, reading })));
      },
    };
  },
};

interface OpenTask {
  readonly config: YoloConfig;
  readonly splits: readonly YoloSplit[];
}

async function openTasks(folder: string, options: OpenDatasetOptions): Promise<OpenTask[]> {
  const tasks: OpenTask[] = [];
  for (const task of yoloTasks) {
    const place = join(folder, task);
    if (!(await isFolder(place))) continue;
    const config = withPersonPoints(readYoloConfig(place, options.classNames));
    tasks.push({ config, splits: await findYoloSplits(place, options) });
  }
  if (tasks.length > 0) return tasks;
  await expectFolder(folder);
  const message = `${folder} has none of the folders detect/, segment/ and pose/. Is it of the format 'yolo'?`;
  throw new DatasetError({ code: 'dataset_not_readable', message });
}

/** The layout does not say what the points of a person are called, because it knows no others. */
function withPersonPoints(config: YoloConfig): YoloConfig {
  const { classes, pose } = config;
  if (pose?.count !== PERSON_POINTS.length || pose.names.size > 0 || !classes.includes('person')) return config;
  return { ...config, pose: { ...pose, names: new Map([[classes.indexOf('person'), PERSON_POINTS]]) } };
}

/** What only the labels of one task say. */
const CODES_OF_A_TASK: ReadonlySet<LeftOutCode> = new Set(['annotations_broken', 'class_unnamed']);

interface ReadTaskOptions {
  readonly split: string | undefined;
  readonly index: number;
  readonly reading: ReadPicturesOptions;
}

async function* readTask({ config, splits }: OpenTask, options: ReadTaskOptions): AsyncGenerator<AnnotatedPicture> {
  const { split, index, reading } = options;
  const place = splits.find((candidate) => candidate.split === split);
  if (place === undefined) return;
  // Each task has all pictures: what is wrong with one is told once.
  const leaveOut: LeaveOut = (entry) => {
    if (index === 0 || CODES_OF_A_TASK.has(entry.code)) reading.leaveOut(entry);
  };
  yield* readYoloSplit(place, { ...reading, leaveOut, config });
}

/** One picture for all that have the same name. Each of `sources` is sorted by name. */
async function* merge(sources: readonly AsyncGenerator<AnnotatedPicture>[]): AsyncGenerator<AnnotatedPicture> {
  const heads = await Promise.all(sources.map((source) => next(source)));
  for (;;) {
    const names = heads.flatMap((head) => (head === undefined ? [] : [head.name]));
    const first = names.sort(compareCodePoints)[0];
    if (first === undefined) return;
    const same: AnnotatedPicture[] = [];
    for (const [index, source] of sources.entries()) {
      const head = heads[index];
      if (head?.name !== first) continue;
      same.push(head);
      heads[index] = await next(source);
    }
    const [picture] = same;
    if (picture !== undefined) yield { ...picture, annotations: same.flatMap(({ annotations }) => annotations) };
  }
}

async function next(source: AsyncGenerator<AnnotatedPicture>): Promise<AnnotatedPicture | undefined> {
  const result = await source.next();
  return result.done === true ? undefined : result.value;
}
