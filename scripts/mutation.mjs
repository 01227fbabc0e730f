// npm run mutation: changes core's run engine in every small way and says which changes no test notices. Takes long, so it is
// no part of verify. See packages/core/docs/mutation.md for what is known to survive.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { mainProgram } from './bootstrap/main-program.mjs';
import { root } from './bootstrap/repository.mjs';
import { readWish, strykerOptions } from './mutation/mutation-options.mjs';
import { mutationReport } from './mutation/mutation-report.mjs';
import { runStryker } from './mutation/stryker.mjs';

await mainProgram(
  async () => {
    const wish = readWish(process.argv.slice(2));
    setPriority(constants.priority.PRIORITY_LOW);
    process.chdir(root);
    const temporaryFolder = mkdtempSync(join(tmpdir(), 'synapse-steps-mutation-'));
    process.on('exit', () => rmSync(temporaryFolder, { recursive: true, force: true })); // Ctrl-C leaves this way, too
    const mutants = await runStryker(strykerOptions(wish, { root, temporaryFolder }));
    const named = mutants.map((mutant) => ({ ...mutant, fileName: relative(root, mutant.fileName) }));
    console.log(mutationReport(named, (file) => readFileSync(join(root, file), 'utf8')));
    return 0;
  },
  { build: false },
);
