import type { ActionRule, Rewritten } from '../../actions/rules/action-rule.js';
import type { Rule } from '../../rules/rule.js';
import type { DatasetVector, FolderVector, ItemsVector } from '../cases/convert-vector.js';
import type { FolderExpectation } from '../cases/judge-folder.js';
import type { ItemsExpectation } from '../cases/judge-items.js';

/**
 * A point in which ours differs on purpose from the SDK's converters or its dataset action. For each kind of vector that it
 * can concern it says what is expected of ours, made of what is expected of the SDK; the same object where it does not apply.
 */
export interface ConvertRule extends Rule {
  folder?(expect: FolderExpectation, vector: FolderVector): FolderExpectation;
  items?(expect: ItemsExpectation, vector: ItemsVector): ItemsExpectation;
  dataset?(expect: Rewritten, vector: DatasetVector): Rewritten;
}

/** The rules as the run of an action wants them. */
export function asActionRules(rules: readonly ConvertRule[]): ActionRule<DatasetVector>[] {
  return rules.map((rule) => ({ ...rule, rewrite: (expect, vector) => rule.dataset?.(expect, vector) ?? expect }));
}
