// The last line of .ci/run: the sum of what the commands before it recorded in the file given as argument.
import { formatTotals, readTotals } from './verification/totals.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: node scripts/print-totals.mjs FILE');
const totals = readTotals(file);
console.log(formatTotals({ ...totals, skipped: 0 }));
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
