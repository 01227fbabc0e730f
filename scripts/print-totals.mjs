// The last lines of .ci/run: what was skipped, then the sum of what the commands before it recorded in the file given as argument.
import { formatTotals, readTotals } from './verification/totals.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('Usage: node scripts/print-totals.mjs FILE');
const { skippedTests, ...totals } = readTotals(file);
if (totals.skipped > 0) console.log(`${totals.skipped} skipped, of which by name:`);
for (const name of new Set(skippedTests)) console.log(`  SKIPPED: ${name}`);
console.log(formatTotals({ ...totals, skipped: 0 }));
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
