// The faults that the bridge survives, by what became of their tests: a test that was skipped proves nothing.
import { FAULTS, faultsProvedBy, isFaultTest, readFaultTable, withProofs } from '../clauses/faults.mjs';
import { oneCheck } from './gate.mjs';

/** @typedef {{ file: string, title: string, state: 'passed' | 'failed' | 'skipped' }} TestResult */

/** @param {readonly TestResult[]} tests Those of faults, among others. */
export function checkFaults(tests) {
  const { survived, all, problems } = judgeFaults(readFaultTable(), tests);
  const summary = `${survived}/${all} faults are survived, as tests that passed show.`;
  return {
    ...oneCheck({ code: problems.length === 0 ? 0 : 1, output: [summary, ...problems].join('\n') }),
    shown: true,
  };
}

/**
 * A fault is survived when a test of it passed and none failed; and the table must be the one that these tests make.
 *
 * @param {string} table @param {readonly TestResult[]} results
 */
export function judgeFaults(table, results) {
  const tests = results.filter(({ file }) => isFaultTest(file));
  const of = (/** @type {TestResult['state']} */ state) =>
    faultsProvedBy(
      table,
      tests.filter((test) => test.state === state),
    );
  const [passed, failed] = [of('passed'), of('failed')];
  const isBad = passed.map(({ tests: good }, at) => good.length === 0 || (failed[at]?.tests.length ?? 0) > 0);
  const problems = passed.flatMap(({ id, tests: good }, at) => [
    ...(good.length === 0 ? [`${id}: no test of it ran and passed.`] : []),
    ...(failed[at]?.tests ?? []).map(({ file, title }) => `${id}: failed in ${file}: ${title}`),
  ]);
  if (problems.length === 0 && withProofs(table, passed) !== table) problems.push(...rowsThatDiffer(table, passed));
  return { survived: isBad.filter((bad) => !bad).length, all: passed.length, problems };
}

/** @param {string} table @param {Parameters<typeof withProofs>[1]} faults */
function rowsThatDiffer(table, faults) {
  const made = withProofs(table, faults).split('\n');
  return table
    .split('\n')
    .flatMap((line, at) =>
      line === made[at]
        ? []
        : [`${FAULTS} says: ${line.split('|').at(-2)?.trim()}; passed have: ${made[at]?.split('|').at(-2)?.trim()}`],
    );
}
