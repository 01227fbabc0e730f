// node scripts/clauses.mjs: which tests prove which clause of the contract (packages/core/docs/contract.md). Exit code 1 for a gap.
import { clauseList, problemsOf, readClauses } from './clauses/clauses.mjs';

const read = readClauses();
const problems = problemsOf(read);
console.log(clauseList(read.clauses));
const proven = read.clauses.filter(({ tests }) => tests.length > 0).length;
console.log(`\n${proven} of ${read.clauses.length} clauses have a test; the others belong to later packages.`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
