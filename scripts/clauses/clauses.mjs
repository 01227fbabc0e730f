// The contract's clauses and the tests that prove them: a clause is a row of the contract, a proof a test title with its id.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap/repository.mjs';

/** @typedef {{ file: string, line: number, title: string }} Proof */
/** @typedef {{ id: string, text: string, elsewhere: string, tests: Proof[] }} Clause */

const CONTRACT = 'packages/core/docs/contract.md';
const ROW = /^\| ([A-Z]{1,2}-\d+) \| (.*?) \| (.*?) ?\|$/gm;
/** A title of a test, of a group of tests, or of a case of one that is repeated. */
const TITLE = /[([]\s*(['"`])((?:[A-Z]{1,2}-\d+, )*[A-Z]{1,2}-\d+): (.*?)\1,/g;

/** All clauses, each with its tests. @returns {{ clauses: Clause[], unknown: (Proof & { id: string })[] }} `unknown` are titles that name no clause. */
export function readClauses() {
  const contract = readFileSync(join(root, CONTRACT), 'utf8');
  return matchClauses(parseClauses(contract), readTests(/^(?:packages|apps)\/.*\.test\.ts$/));
}

/** @param {string} contract @returns {Clause[]} */
export function parseClauses(contract) {
  return [...contract.matchAll(ROW)].map(([, id = '', text = '', elsewhere = '']) => ({
    id,
    text,
    elsewhere,
    tests: [],
  }));
}

/** @param {Clause[]} clauses @param {readonly { path: string, text: string }[]} files */
export function matchClauses(clauses, files) {
  const byId = new Map(clauses.map((clause) => [clause.id, clause]));
  const families = new Set(clauses.map(({ id }) => familyOf(id)));
  /** @type {(Proof & { id: string })[]} */
  const unknown = [];
  for (const { path, text } of files) {
    for (const match of text.matchAll(TITLE)) {
      const proof = { file: path, line: lineOf(text, match.index), title: match[3] ?? '' };
      for (const id of (match[2] ?? '').split(', ')) {
        const clause = byId.get(id);
        if (clause) clause.tests.push(proof);
        else if (families.has(familyOf(id))) unknown.push({ ...proof, id }); // other lists have ids too
      }
    }
  }
  return { clauses, unknown };
}

/**
 * What is wrong: clauses that nothing proves, and titles that name no clause.
 *
 * @param {{ clauses: Clause[], unknown: (Proof & { id: string })[] }} read
 * @param {{ list?: string }} [options] where the clauses stand
 * @returns {string[]}
 */
export function problemsOf({ clauses, unknown }, { list = CONTRACT } = {}) {
  return [
    ...clauses
      .filter(({ tests, elsewhere }) => tests.length === 0 && !elsewhere.startsWith('not in core'))
      .map(({ id }) => `${id} has no test`),
    ...unknown.map(({ id, file, line }) => `${file}:${line} names ${id}, which ${list} does not have`),
  ];
}

/** The list "clause → tests" for people. @param {readonly Clause[]} clauses @returns {string} */
export function clauseList(clauses) {
  return clauses
    .map(({ id, tests, elsewhere }) => {
      const head = `${id.padEnd(6)}${String(tests.length).padStart(3)} ${tests.length === 1 ? 'test' : 'tests'}`;
      const lines = tests.map(({ file, line, title }) => `        ${file}:${line}  ${title}`);
      return [elsewhere ? `${head}  (${elsewhere})` : head, ...lines].join('\n');
    })
    .join('\n');
}

/** The files of the repository whose path fits. @param {RegExp} pattern @returns {{ path: string, text: string }[]} */
export function readTests(pattern) {
  const list = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root });
  return list
    .toString('utf8')
    .split('\0')
    .filter((path) => pattern.test(path) && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** @param {string} id */
function familyOf(id) {
  return id.split('-')[0] ?? id;
}

/** @param {string} text @param {number} index */
function lineOf(text, index) {
  return text.slice(0, index).split('\n').length;
}
