// npm run soak: 100,000 calls and 1,000 starts of a plugin with each SDK, and nothing may grow; see packages/bridge/test/soak.
import { mainProgram } from './bootstrap/main-program.mjs';
import { runCommand } from './bootstrap/run-command.mjs';
import { sourceProgram } from './bootstrap/source-program.mjs';

const args = sourceProgram('packages/bridge/test/soak/main.ts', ...process.argv.slice(2));

await mainProgram(() => runCommand(process.execPath, args)); // the plugin for Node runs from the build
