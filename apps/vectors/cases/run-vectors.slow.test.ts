import { expect, it } from 'vitest';
import { rules } from '../rules/rules.js';
import { stepsSuite } from '../suites/steps.js';
import { judgeCase, rewriteExpectation } from './judge-case.js';
import type { VectorCase } from './vector-file.js';

it('does every recorded case as the SDK does, or as a rule says', async () => {
  const result = await stepsSuite.run(stepsSuite.folder);
  expect(result.cases.filter(({ verdict }) => verdict === 'unlisted')).toEqual([]);
  expect(result.same + result.different).toBe(result.cases.length);
  expect(result.cases.length).toBeGreaterThanOrEqual(281);
  expect(rules.filter(({ id }) => result.byRule[id] === 0)).toEqual([]);
});

const sample: VectorCase = {
  id: 'sample',
  title: 'a step that fails',
  kind: 'workflow',
  sdk: '2026.2.17',
  file: 'none',
  defect: null,
  given: { steps: [{ name: 'a', execute: { fail: 'no' } }] },
  expect: {
    outcomes: [{ raised: { type: 'RuntimeError', message: "Step 'a' failed: no", chained: false } }],
    calls: ['a.can_skip', 'a.execute', 'a.rollback'],
    progress: [],
    total_weight: 1,
    step_results: [{ success: false, data: {}, error: 'no', rollback_data: {}, skipped: false }],
    errors: [],
    rollbacks: [{ step: 'a', success: false, error: 'no', rollback_data: {} }],
    current_step_seen: [
      ['a.can_skip', 'a', 0, 'a'],
      ['a.execute', 'a', 0, 'a'],
      ['a.rollback', 'a', 0, 'a'],
      ['after', null, null, null],
    ],
  },
};

it('names the rules by which a case differs, and rewrites only what they touch', async () => {
  expect(await judgeCase(sample)).toEqual({ verdict: 'different', rules: ['first-cause', 'one-step-rule'] });
  const rewritten = rewriteExpectation(sample);
  expect(rewritten).toMatchObject({
    expect: {
      outcomes: [{ raised: { type: 'RuntimeError', message: "Step 'a' failed: no", chained: true } }],
      rollbacks: sample.expect['rollbacks'],
    },
  });
});

it('compares a case that differs in full: what no rule explains is unlisted', async () => {
  const wrong = { ...sample, expect: { ...sample.expect, errors: ['something that nobody says'] } };
  expect(await differenceOf(wrong)).toContain('/errors/0');
});

it('does not rewrite what it cannot derive from the recorded behaviour', async () => {
  const wrong = { ...sample, expect: { ...sample.expect, outcomes: [{ returned: { success: true } }] } };
  expect(await differenceOf(wrong)).toContain('not as recorded without rules');
});

async function differenceOf(vectorCase: VectorCase): Promise<string | undefined> {
  const judged = await judgeCase(vectorCase);
  return judged.verdict === 'unlisted' ? judged.difference : undefined;
}

it.each([
  ['an unknown action', { steps: [{ name: 'a', do: { execute: [{ dance: null }] } }] }],
  ['an unknown field of a step', { steps: [{ name: 'a', colour: 'red' }] }],
  ['an unknown logger', { steps: [], logger: 'paper' }],
])('takes %s for an error, not for nothing', async (_what, given) => {
  expect(await judgeCase({ ...sample, given })).toMatchObject({ verdict: 'unlisted' });
});
