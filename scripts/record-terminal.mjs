// node scripts/record-terminal.mjs: runs the main job in a terminal of its own and draws what is seen there, while it runs
// and when it has ended, into docs/terminal.svg.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requirePython } from './bootstrap/find-pythons.mjs';
import { mainProgram } from './bootstrap/main-program.mjs';
import { root } from './bootstrap/repository.mjs';
import { captureCommand } from './bootstrap/run-command.mjs';
import { Screen } from './record-terminal/screen.mjs';
import { terminalSvg } from './record-terminal/terminal-svg.mjs';

const columns = 100;
const rows = 60;

await mainProgram(async () => {
  const { code, outputs } = await record();
  if (code !== 0)
    throw new Error(`The main job ended with exit code ${code}. No picture was made:\n${outputs.join('')}`);
  const windows = [
    { title: 'npm start, while it trains', lines: screenAfter(outputs.slice(0, whileTraining(outputs))) },
    { title: 'npm start, at the end', lines: screenAfter(outputs) },
  ];
  const file = join(root, 'docs', 'terminal.svg');
  mkdirSync(join(root, 'docs'), { recursive: true });
  writeFileSync(file, terminalSvg(windows, columns));
  console.log(`Wrote ${file}`);
  return 0;
});

async function record() {
  const { command } = await requirePython();
  const terminal = join(root, 'scripts', 'record-terminal', 'run-in-terminal.py');
  const args = [terminal, String(columns), String(rows), process.execPath, join(root, 'scripts', 'start.mjs')];
  const { code, output } = await captureCommand(command, args, { env: { NO_COLOR: '', FORCE_COLOR: '' } });
  const lines = output.split('\n').filter((line) => line !== '');
  return { code, outputs: lines.map((line) => /** @type {[number, string]} */ (JSON.parse(line))[1]) };
}

/** @param {readonly string[]} outputs */
function screenAfter(outputs) {
  const screen = new Screen(columns);
  for (const output of outputs) screen.write(output);
  return screen.lines();
}

/** @param {readonly string[]} outputs */
function whileTraining(outputs) {
  return outputs.findIndex((output) => output.includes('train') && /\b6\d\s?%/.test(output)) + 1;
}
