// The table of faults that the bridge survives: people write what happens and what ours does, the last column comes from test titles.
// That those tests passed is another matter, which `npm run verify` looks after: scripts/verification/fault-results.mjs.
import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { root } from '../bootstrap/repository.mjs';
import { matchClauses, parseClauses, problemsOf, readTests } from './clauses.mjs';

/** @typedef {import('./clauses.mjs').Clause} Clause */

/** Where the table stands. */
export const FAULTS = 'packages/bridge/FAULTS.md';
const COUNT = 42;
const TESTS = /^packages\/(?:[^/]+\/(?:src|test)\/.*\.test\.ts|python\/tests\/test_\w+\.py)$/;
const ROW = /^(\| (F-\d+) \| .*? \| .*? \| ).*?\|$/gm;

/** The table as it stands. @returns {string} */
export function readFaultTable() {
  return readFileSync(join(root, FAULTS), 'utf8');
}

/** The title of a test that proves that faults are survived, and other things perhaps; its ids are the group. */
export const FAULT_TITLE = /^((?:[A-Z]{1,2}-\d+, )*F-\d+(?:, [A-Z]{1,2}-\d+)*): /;

/** Whether tests of this file may prove a fault. @param {string} file */
export function isFaultTest(file) {
  return TESTS.test(file);
}

/** The rows, each with those of the tests whose title names it. @param {string} table @param {readonly { file: string, title: string }[]} tests */
export function faultsProvedBy(table, tests) {
  return parseClauses(table).map((fault) => ({
    ...fault,
    tests: tests
      .filter(({ title }) => FAULT_TITLE.exec(title)?.[1]?.split(', ').includes(fault.id))
      .map(({ file, title }) => ({ file, title, line: 0 })),
  }));
}

/** The table as it stands, as it should stand, and what is wrong. @returns {{ text: string, current: string, problems: string[] }} */
export function readFaults() {
  const text = readFaultTable();
  const read = matchClauses(
    parseClauses(text),
    readTests(TESTS).map(({ path, text: source }) => ({ path, text: withPythonTitles(source) })),
  );
  const problems = [...problemsOf(read, { list: FAULTS }), ...missingNumbers(read.clauses)];
  return { text, current: withProofs(text, read.clauses), problems };
}

/** Fills the last column. @param {string} text @param {readonly Clause[]} faults @returns {string} */
export function withProofs(text, faults) {
  const byId = new Map(faults.map((fault) => [fault.id, fault]));
  return text.replace(ROW, (_row, head, id) => `${head}${proofsOf(byId.get(id))} |`);
}

/** `test_f29_cancels_before` is the title `F-29: cancels before`; another name is its own. @param {string} method */
export function pythonTitle(method) {
  return method.replace(/^test_f(\d+)_(\w+)$/, (_all, number, words) => `F-${number}: ${words.replaceAll('_', ' ')}`);
}

/** The tests in Python as the others stand in their sources. @param {string} source */
export function withPythonTitles(source) {
  return source.replace(/def (test_f\d+_\w+)\(self\):/g, (_all, method) => `it('${pythonTitle(method)}',`);
}

/** The files, each once; no links, as the table is published and the tests are not. @param {Clause | undefined} fault */
function proofsOf(fault) {
  const files = [...new Set(fault?.tests.map(({ file }) => file))].toSorted();
  if (files.length === 0) return '–';
  return files.map((file) => `\`${posix.relative('packages/bridge', file)}\``).join(', ');
}

/** @param {readonly Clause[]} faults */
function missingNumbers(faults) {
  const ids = faults.map(({ id }) => id).join(' ');
  const expected = Array.from({ length: COUNT }, (_one, index) => `F-${index + 1}`).join(' ');
  return ids === expected ? [] : [`${FAULTS} must list F-1 to F-${COUNT}, each once and in order; it lists ${ids}`];
}
