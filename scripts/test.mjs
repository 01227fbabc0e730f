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
  const { totals, skipped, tests } = await showVitest('fast', filters);
  const ofPython = pythonTests && showPythonTests(python, await pythonTests);
  const skippedTests = [...skipped, ...(ofPython?.skippedTests ?? [])];
  for (const name of skippedTests) console.log(`SKIPPED: ${name}`);

  const sum = sumTotals(ofPython ? [totals, ofPython] : [totals]);
  recordTotals({ ...sum, skippedTests, tests: [...tests, ...(ofPython?.tests ?? [])] });
  console.log(`Fast tests: ${formatTotals(sum)}.`);
  return sum.failed === 0 ? 0 : 1;
});

/**
 * @param {import('./bootstrap/find-pythons.mjs').Python} python
 * @param {Awaited<ReturnType<typeof runPythonTests>>} result
 */
function showPythonTests(python, result) {
  if (result.failed > 0) console.log(result.output);
  console.log(`Python ${python.version}: ${formatTotals(result)}.`);
  return result;
}
