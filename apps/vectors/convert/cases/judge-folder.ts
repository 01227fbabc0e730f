import { ownWords, isSameText } from '../../actions/cases/placeholders.js';
import { verdictBy, type Verdict } from '../../cases/verdict.js';
import { carried } from '../content/carried.js';
import type { Content } from '../content/content.js';
import { readContent } from '../content/read-content.js';
import { interpretFolder, settingsOf } from '../run/interpret-folder.js';
import { convertRules } from '../rules/convert-rules.js';
import type { ConvertRule } from '../rules/convert-rule.js';
import { contentDifference, type Tolerance } from './compare-content.js';
import { filesDifference } from '../../actions/cases/compare-files.js';
import type { FolderVector } from './convert-vector.js';

type Observation = FolderVector['expect'];

/** What is expected of a conversion: an error, these files, or files that say this. */
export interface FolderExpectation extends Observation {
  /** In place of `files`, where the SDK wrote none that could be compared. */
  readonly content?: Content & Tolerance;
}

export async function judgeFolder(vector: FolderVector): Promise<Verdict> {
  const observed = await interpretFolder(vector);
  return verdictBy(convertRules, (inForce) => difference(rewrite(vector, inForce), observed, vector));
}

function rewrite(vector: FolderVector, rules: readonly ConvertRule[]): FolderExpectation {
  return rules.reduce<FolderExpectation>((expect, rule) => rule.folder?.(expect, vector) ?? expect, vector.expect);
}

function difference(expected: FolderExpectation, observed: Observation, vector: FolderVector): string | undefined {
  if (expected.raised !== undefined || observed.raised !== undefined) return raisedDifference(expected, observed);
  const config = isSameConfig(expected.config_path, observed.config_path);
  if (!config) return `/config_path: expected ${expected.config_path}, found ${observed.config_path}`;
  const files = observed.files ?? {};
  if (expected.content === undefined) return filesDifference(expected.files ?? {}, files);
  const { to } = settingsOf(vector.given);
  const found = readContent(to, files);
  // DM has the points of an object one by one, in whatever order.
  return contentDifference(expected.content, to.startsWith('dm_') ? carried(found, to) : found, expected.content);
}

function isSameConfig(expected: string | null | undefined, observed: string | null | undefined): boolean {
  return typeof expected === 'string' ? isSameText(expected, observed) : (observed ?? null) === (expected ?? null);
}

/** Words that are not the SDK's own are no contract; which kind of error it is, is. */
function raisedDifference(
  { raised: expected }: FolderExpectation,
  { raised: found, files }: Observation,
): string | undefined {
  const say = (): string =>
    `/raised: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found ?? files)?.slice(0, 600)}`;
  if (expected === undefined || found === undefined) return say();
  const isSame = expected.type === found.type && isSameText(ownWords(expected.message ?? '{any}'), found.message);
  return isSame ? undefined : say();
}
