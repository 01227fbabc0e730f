// npm run bench: prepares the repository, then runs the benchmarks with whatever follows `--`.
import { spawnSync } from 'node:child_process';
import { mainProgram } from './bootstrap/main-program.mjs';
import { root } from './bootstrap/repository.mjs';
import { runCommand } from './bootstrap/run-command.mjs';

const args = process.argv.slice(2);
const runBench = () => runCommand(process.execPath, ['--import', 'tsx', 'apps/bench/main.ts', ...args]);

if (args.includes('--json')) {
  // stdout is for the figures alone, so what the preparation prints goes to stderr.
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 2, 2] });
  process.exitCode = status === 0 ? await runBench() : 1;
} else {
  await mainProgram(runBench);
}
