// npm run bench: prepares the repository, then runs the benchmarks with whatever follows `--`.
import { mainProgram } from './bootstrap/main-program.mjs';
import { runCommand } from './bootstrap/run-command.mjs';

const bench = ['--import', 'tsx', 'apps/bench/main.ts'];

await mainProgram(() => runCommand(process.execPath, [...bench, ...process.argv.slice(2)]));
