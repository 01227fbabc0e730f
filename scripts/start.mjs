// npm start: prepares the repository, then runs the penguins example with whatever follows `--`.
import { requirePython } from './bootstrap/find-pythons.mjs';
import { mainProgram } from './bootstrap/main-program.mjs';
import { runCommand } from './bootstrap/run-command.mjs';

const example = ['--import', 'tsx', 'apps/examples/penguins/main.ts'];

await mainProgram(async () => {
  await requirePython(); // says what is missing before anything starts
  return runCommand(process.execPath, [...example, ...process.argv.slice(2)]);
});
