import type { LineProblem } from '@synapse-steps/bridge/framing';
import type { Violation } from './clause-failure.js';

/** Judges a line on stdout that is no message. */
export function judgeStray(text: Buffer, problem: LineProblem): Violation {
  const line = text.toString('utf8');
  const clause = problem === 'not_a_frame' ? clauseOfShape(line) : CLAUSE_OF_PROBLEM[problem];
  return { clause, text: `it wrote to stdout ${PROBLEM_TEXT[problem]}: ${beginningOf(text)}` };
}

/** The first of some bytes, as they are shown to people. */
export function beginningOf(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('utf8').slice(0, SHOWN));
}

const SHOWN = 200;

const CLAUSE_OF_PROBLEM: Readonly<Record<Exclude<LineProblem, 'not_a_frame'>, string>> = {
  json: 'ST-1',
  utf8: 'FR-1',
  bom: 'FR-1',
  depth: 'VA-1',
  unsafe_number: 'VA-2',
  forbidden_key: 'VA-3',
  duplicate_key: 'VA-3',
};

const PROBLEM_TEXT: Readonly<Record<LineProblem, string>> = {
  json: 'what is no JSON',
  utf8: 'what is no UTF-8',
  bom: 'a byte order mark',
  depth: 'a message that is nested too deep',
  unsafe_number: 'a number that is infinite, or an integer beyond ±(2^53−1)',
  forbidden_key: 'a message with the key __proto__',
  duplicate_key: 'a message that names a key twice',
  not_a_frame: 'JSON that is no message',
};

/** An error whose own parts are wrong is no frame either; it has its own clause. */
function clauseOfShape(line: string): string {
  const value = JSON.parse(line) as unknown;
  const isError = typeof value === 'object' && value !== null && 'error' in value && !('result' in value);
  return isError ? 'ER-1' : 'EN-1';
}
