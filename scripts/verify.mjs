// npm run verify: everything that must be green. `-- --after-test`, for .ci/run, leaves out what `npm test` has just run and recorded.
import { requirePython } from './bootstrap/find-pythons.mjs';
import { mainProgram } from './bootstrap/main-program.mjs';
import { runGates } from './verification/gate.mjs';
import { allGates } from './verification/gates.mjs';
import { Tarballs } from './verification/tarballs.mjs';
import { formatTotals, recordTotals } from './verification/totals.mjs';

await mainProgram(
  async () => {
    const isAfterTest = process.argv.includes('--after-test');
    if (isAfterTest && !process.env['SYNAPSE_STEPS_TOTALS']) {
      throw new Error(
        '--after-test needs what `npm test` recorded in the file that SYNAPSE_STEPS_TOTALS names; leave it out.',
      );
    }
    const testedPython = isAfterTest ? await requirePython() : undefined;
    const tarballs = new Tarballs();
    try {
      const totals = await runGates(await allGates({ tarballs, testedPython }));
      recordTotals(totals);
      console.log(`All gates: ${formatTotals(totals)}.`);
      return totals.failed === 0 ? 0 : 1;
    } finally {
      tarballs.remove();
    }
  },
  { build: false }, // the build is the first gate
);
