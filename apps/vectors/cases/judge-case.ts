import { interpretCase } from '../interpreter/interpret-case.js';
import { rules, type RuleId } from '../rules/rules.js';
import { modelCase } from '../sdk/model-case.js';
import { firstDifference } from './compare.js';
import { unlistedWhenThrown, type Verdict } from './verdict.js';
import type { VectorCase } from './vector-file.js';

const ALL: ReadonlySet<RuleId> = new Set(rules.map(({ id }) => id));
const NONE: ReadonlySet<RuleId> = new Set();

/** Does a case with core, and compares what came out with what was recorded, or with what the rules make of that. */
export function judgeCase(vectorCase: VectorCase): Promise<Verdict> {
  return unlistedWhenThrown(async () => {
    const observed = await interpretCase(vectorCase);
    if (firstDifference(vectorCase.expect, observed) === undefined) return { verdict: 'same' };
    const rewritten = rewriteExpectation(vectorCase);
    if ('problem' in rewritten) return { verdict: 'unlisted', difference: rewritten.problem };
    const difference = firstDifference(rewritten.expect, observed);
    if (difference !== undefined) return { verdict: 'unlisted', difference };
    return { verdict: 'different', rules: rulesBehind(vectorCase) };
  });
}

/**
 * What is expected when the rules are in force. Each part of the recorded expectation that no rule touches stays as it is;
 * each part that one touches is worked out anew, and the way in which that is done must reproduce the recorded part when
 * no rule is in force.
 */
export function rewriteExpectation(
  vectorCase: VectorCase,
): { readonly expect: Record<string, unknown> } | { readonly problem: string } {
  const [before, after] = [modelCase(vectorCase, NONE), modelCase(vectorCase, ALL)];
  // Not built at all: there is no other part that could stay.
  if (Object.hasOwn(before, 'constructor') || Object.hasOwn(after, 'constructor')) {
    const difference = firstDifference(vectorCase.expect, before);
    return difference === undefined ? { expect: after } : { problem: `not as recorded without rules: ${difference}` };
  }
  const expect: Record<string, unknown> = {};
  for (const part of new Set([...Object.keys(vectorCase.expect), ...Object.keys(after)])) {
    const recorded = vectorCase.expect[part];
    if (firstDifference(before[part], after[part]) === undefined) {
      if (recorded !== undefined) expect[part] = recorded;
      continue;
    }
    const difference = firstDifference(recorded, before[part]);
    if (difference !== undefined) return { problem: `not as recorded without rules: /${part}${difference}` };
    if (Object.hasOwn(after, part)) expect[part] = after[part];
  }
  return { expect };
}

/** The rules that change what is expected of a case: without one of them it would be something else. */
function rulesBehind(vectorCase: VectorCase): RuleId[] {
  const expected = modelCase(vectorCase, ALL);
  return rules.flatMap(({ id }) => {
    const others = new Set([...ALL].filter((other) => other !== id));
    return firstDifference(expected, modelCase(vectorCase, others)) === undefined ? [] : [id];
  });
}
