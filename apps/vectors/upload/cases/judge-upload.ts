import { unlistedWhenThrown, type Verdict } from '../../cases/verdict.js';
import { interpretUpload } from '../run/interpret-upload.js';
import type { Rewritten, UploadRule } from '../rules/upload-rule.js';
import { uploadRules } from '../rules/upload-rules.js';
import { differences, type Observation } from './compare-observation.js';
import type { Expectation, UploadVector } from './upload-vector.js';

/** Runs a vector, and compares what came out with what was recorded, or with what the rules make of that. */
export function judgeUpload(vector: UploadVector, rules: readonly UploadRule[] = uploadRules): Promise<Verdict> {
  return unlistedWhenThrown(async () => {
    const observed = await interpretUpload(vector);
    if (differences(comparable(vector), observed).length === 0) return { verdict: 'same' };
    const expected = rewrite(vector, rules);
    const left = differences(expected, observed);
    if (left.length > 0) return { verdict: 'unlisted', difference: left.join('\n  ') };
    return { verdict: 'different', rules: rulesBehind(vector, observed, rules) };
  });
}

/** What is expected of ours, by all the rules. */
function rewrite(vector: UploadVector, rules: readonly UploadRule[]): Expectation {
  const recorded = structuredClone(comparable(vector)) as Rewritten;
  return rules.reduce((expect, rule) => rule.rewrite(expect, vector), recorded) as Expectation;
}

/** What undo would need is compared where a vector is full in detail; in all others by what undo does. */
function comparable({ expect, detail }: UploadVector): Expectation {
  if (detail === 'full') return expect;
  return { ...expect, steps: expect.steps.map(({ rollback_data: _, ...step }) => step) };
}

/** The rules without which it would not have come out as expected. */
function rulesBehind(vector: UploadVector, observed: Observation, rules: readonly UploadRule[]): string[] {
  const isNeeded = (rule: UploadRule): boolean => {
    const others = rules.filter((other) => other !== rule);
    return differences(rewrite(vector, others), observed).length > 0;
  };
  return rules.filter(isNeeded).map(({ id }) => id);
}
