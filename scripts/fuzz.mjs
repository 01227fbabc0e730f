// npm run fuzz: feeds generated frames to the readers of TypeScript and Python until the time is over; see packages/bridge/test/fuzz.
import { mainProgram } from './bootstrap/main-program.mjs';
import { runCommand } from './bootstrap/run-command.mjs';
import { sourceProgram } from './bootstrap/source-program.mjs';

const args = sourceProgram('packages/bridge/test/fuzz/main.ts', ...process.argv.slice(2));

await mainProgram(() => runCommand(process.execPath, args), { build: false });
