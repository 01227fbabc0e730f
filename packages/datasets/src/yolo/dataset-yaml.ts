import { stringify } from 'yaml';

import type { DatasetSurvey } from '../model/dataset-writer.js';
import type { PoseShape } from './pose-of.js';
import { yamlNames } from './yaml-names.js';

export interface DatasetYamlOptions {
  readonly finalFolder: string;
  readonly splits: readonly string[] | undefined;
  readonly classes: readonly string[];
  readonly pose: PoseShape | undefined;
  readonly survey: DatasetSurvey | undefined;
}

/** What a trainer reads first. */
export function datasetYaml({ finalFolder, splits, classes, pose, survey }: DatasetYamlOptions): string {
  const lines = [
    `path: ${scalar(finalFolder)}`,
    ...placesOf(splits),
    '',
    `nc: ${classes.length}`,
    `names: ${yamlNames(classes)}`,
    ...(pose ? poseLines(pose) : []),
  ];
  const named = pose?.names && (survey?.classesByKind.get('keypoints') ?? []).filter((name) => classes.includes(name));
  if (named && named.length > 0) {
    lines.push('kpt_names:', ...named.map((name) => `  ${classes.indexOf(name)}: ${yamlNames(pose.names ?? [])}`));
  }
  return `${lines.join('\n')}\n`;
}

/** How many points objects have, and which is which in a mirrored picture. */
export function poseLines({ count, flip }: PoseShape): string[] {
  return [`kpt_shape: [${count}, 3]`, ...(flip ? [`flip_idx: [${flip.join(', ')}]`] : [])];
}

/** Trainers want something to train with and something to validate with; where one is not there, the other one is both. */
export function placesOf(splits: readonly string[] | undefined): string[] {
  if (splits === undefined) return ['train: images', 'val: images'];
  const valid = splits.find((split) => ['valid', 'validation', 'val'].includes(split));
  const train = splits.find((split) => split === 'train') ?? valid ?? splits[0];
  const others = splits.filter((split) => split !== train && split !== valid);
  const places = [['train', train], ['val', valid ?? train], ...others.map((split) => [split, split])];
  return places.map(([key = '', split = '']) => `${scalar(key)}: ${scalar(`${split}/images`)}`);
}

function scalar(text: string): string {
  return stringify(text, { lineWidth: 0 }).trimEnd();
}
