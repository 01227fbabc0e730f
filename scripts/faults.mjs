// node scripts/faults.mjs: writes the tests that prove each row into packages/bridge/FAULTS.md. Exit code 1 for a row without one.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './bootstrap/repository.mjs';
import { FAULTS, readFaults } from './clauses/faults.mjs';

const { text, current, problems } = readFaults();
if (text !== current) writeFileSync(join(root, FAULTS), current);
console.log(text === current ? `${FAULTS} is up to date.` : `${FAULTS} is written anew.`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
