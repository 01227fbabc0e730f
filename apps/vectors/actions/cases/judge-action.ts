import { unlistedWhenThrown, type Verdict } from '../../cases/verdict.js';
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
    if (differences(comparable(vector), observed).length === 0) return { verdict: 'same' };
    const left = differences(rewrite(vector, rules), observed);
    if (left.length > 0) return { verdict: 'unlisted', difference: left.join('\n  ') };
    return { verdict: 'different', rules: rulesBehind(vector, observed, rules) };
  });
}

/** What is expected of ours, by all the rules. */
function rewrite<TVector extends ActionVector>(vector: TVector, rules: readonly ActionRule<TVector>[]): Expectation {
  const recorded = structuredClone(comparable(vector)) as Rewritten;
  return rules.reduce((expect, rule) => rule.rewrite(expect, vector), recorded) as Expectation;
}

/** What undo would need is compared where a vector is full in detail; in all others by what undo does. */
function comparable({ expect, detail }: ActionVector): Expectation {
  if (detail === 'full') return expect;
  return { ...expect, steps: expect.steps.map(({ rollback_data: _, ...step }) => step) };
}

/** The rules without which it would not have come out as expected. */
function rulesBehind<TVector extends ActionVector>(
  vector: TVector,
  observed: Observation,
  rules: readonly ActionRule<TVector>[],
): string[] {
  const isNeeded = (rule: ActionRule<TVector>): boolean => {
    const others = rules.filter((other) => other !== rule);
    return differences(rewrite(vector, others), observed).length > 0;
  };
  return rules.filter(isNeeded).map(({ id }) => id);
}
