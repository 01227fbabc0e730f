// npm run example -- NAME: prepares the repository, then runs an example of apps/examples with whatever follows its name.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mainProgram } from './bootstrap/main-program.mjs';
import { root } from './bootstrap/repository.mjs';
import { runCommand } from './bootstrap/run-command.mjs';

const [name = '', ...args] = process.argv.slice(2);
const folder = join(root, 'apps', 'examples');
const names = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? entry.name : []));

const usage = `npm run example -- NAME [OPTIONS]\n  NAME is one of ${names.join(', ')}; some say more with --help`;

if (name === '--help' || name === '-h') {
  console.log(usage);
} else if (names.includes(name)) {
  const program = join('apps', 'examples', name, 'main.ts');
  await mainProgram(() => runCommand(process.execPath, ['--import', 'tsx', program, ...args]));
} else {
  console.error(`${name === '' ? 'Which example?' : `There is no example ${name}.`}\n${usage}`);
  process.exitCode = 2;
}
