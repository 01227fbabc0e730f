import { unlistedWhenThrown, verdictBy, type Verdict } from '../../cases/verdict.js';
import type { ActionRule, Rewritten } from '../rules/action-rule.js';
import type { ActionVector, Expectation } from './action-vector.js';
import { differences, type Observation } from './compare-observation.js';

/** How one kind of action is held to its vectors. */
export interface ActionJudge<TVector extends ActionVector> {
  readonly interpret: (vector: TVector) => Promise<Observation>;
  readonly rules: readonly ActionRule<TVector>[];
}

/** Runs a vector, and compares what came out with what was recorded, or with what the rules make of that. */
export function judgeAction<TVector extends ActionVector>(
  vector: TVector,
  { interpret, rules }: ActionJudge<TVector>,
): Promise<Verdict> {
  return unlistedWhenThrown(async () => {
    const observed = await interpret(vector);
    return verdictBy(rules, (inForce) => {
      const lines = differences(rewrite(vector, inForce), observed);
      return lines.length > 0 ? lines.join('\n  ') : undefined;
    });
  });
}

/** What is expected of ours, by these rules. */
function rewrite<TVector extends ActionVector>(vector: TVector, rules: readonly ActionRule<TVector>[]): Expectation {
  const recorded = structuredClone(comparable(vector)) as Rewritten;
  return rules.reduce((expect, rule) => rule.rewrite(expect, vector), recorded) as Expectation;
}

/** What undo would need is compared where a vector is full in detail; in all others by what undo does. */
function comparable({ expect, detail }: ActionVector): Expectation {
  if (detail === 'full') return expect;
  return { ...expect, steps: expect.steps.map(({ rollback_data: _, ...step }) => step) };
}
