import { languageRules } from './language-rules.js';
import { logRules } from './log-rules.js';
import type { Rule } from './rule.js';
import { runRules } from './run-rules.js';
import { stepRules } from './step-rules.js';

const list = [...runRules, ...stepRules, ...logRules, ...languageRules] as const;

export type RuleId = (typeof list)[number]['id'];

/** Every point in which ours differs on purpose. */
export const rules: readonly (Rule & { readonly id: RuleId })[] = list;
