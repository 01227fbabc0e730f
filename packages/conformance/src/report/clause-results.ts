import { type Clause, PLUGIN_CLAUSES } from '../clauses.js';
import type { ClauseResult, ScenarioResult } from './conformance-report.js';

/** What was seen of each clause that binds plugins. */
export function clauseResults(scenarios: readonly ScenarioResult[], seen: ReadonlySet<string>): ClauseResult[] {
  const broken = new Set(scenarios.flatMap(({ problems }) => problems.map(({ clause }) => clause)));
  const warned = new Set(scenarios.flatMap(({ warnings }) => warnings.map(({ clause }) => clause)));
  const statusOf = ({ id, isAdvice, untried }: Clause): ClauseResult['status'] => {
    if (broken.has(id)) return 'broken';
    if (isAdvice === true && warned.has(id)) return 'not-followed';
    if (seen.has(id)) return 'kept';
    return untried === undefined ? 'not-seen' : 'untried';
  };
  return PLUGIN_CLAUSES.map((clause) => {
    const { id, rule, isAdvice = false, untried: reason } = clause;
    const status = statusOf(clause);
    return { id, rule, isAdvice, status, ...(status === 'untried' && reason !== undefined && { reason }) };
  });
}
