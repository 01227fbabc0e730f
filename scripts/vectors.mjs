// npm run vectors: prepares the repository, then holds steps, actions or converters to the recorded behaviour of the Python SDK.
import { mainProgram } from './bootstrap/main-program.mjs';
import { runCommand } from './bootstrap/run-command.mjs';

const vectors = ['--import', 'tsx', 'apps/vectors/main.ts'];

await mainProgram(() => runCommand(process.execPath, [...vectors, ...process.argv.slice(2)]));
