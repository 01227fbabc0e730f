// npm run verify: everything that must be green. `-- --after-test` leaves out what `npm test` has just run.
import { requirePython } from './bootstrap/find-pythons.mjs';
import { mainProgram } from './bootstrap/main-program.mjs';
import { runGates } from './verification/gate.mjs';
import { allGates } from './verification/gates.mjs';
import { Tarballs } from './verification/tarballs.mjs';
import { formatTotals, recordTotals } from './verification/totals.mjs';

await mainProgram(
  async () => {
    const testedPython = process.argv.includes('--after-test') ? await requirePython() : undefined;
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
