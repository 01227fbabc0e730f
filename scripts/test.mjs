// npm test: the fast tier. What follows `--` goes to vitest, as in `npm test -- packages/core`.
import { requirePython } from './bootstrap/find-pythons.mjs';
import { mainProgram } from './bootstrap/main-program.mjs';
import { runPythonTests } from './verification/python-tests.mjs';
import { formatTotals, recordTotals, sumTotals } from './verification/totals.mjs';
import { showVitest } from './verification/vitest-run.mjs';

await mainProgram(async () => {
  const python = await requirePython();
  const filters = process.argv.slice(2);
  // Side by side: by itself vitest leaves one processor idle.
  const pythonTests = filters.length === 0 ? runPythonTests(python) : undefined;
  const { totals, skipped } = await showVitest('fast', filters);
  const all = [totals];
  if (pythonTests) all.push(showPythonTotals(python, await pythonTests));
  for (const name of skipped) console.log(`Skipped: ${name}`);

  const sum = sumTotals(all);
  recordTotals(sum);
  console.log(`Fast tests: ${formatTotals(sum)}.`);
  return sum.failed === 0 ? 0 : 1;
});

/**
 * @param {import('./bootstrap/find-pythons.mjs').Python} python
 * @param {Awaited<ReturnType<typeof runPythonTests>>} result
 */
function showPythonTotals(python, { output, ...totals }) {
  if (totals.failed > 0) console.log(output);
  console.log(`Python ${python.version}: ${formatTotals(totals)}.`);
  return totals;
}
