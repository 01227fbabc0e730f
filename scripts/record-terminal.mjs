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

/** @typedef {import('./record-terminal/screen.mjs').Cell} Cell */

const columns = 100;
const rows = 60;
for (const variable of ['NO_COLOR', 'FORCE_COLOR', 'CI']) delete process.env[variable]; // the terminal alone decides
process.env['TERM'] = 'xterm';

await mainProgram(async () => {
  const { code, outputs } = await record();
  if (code !== 0)
    throw new Error(`The main job ended with exit code ${code}. No picture was made:\n${outputs.join('')}`);
  const windows = [
    {
      title: 'npm start: the first run, while it trains',
      lines: screenAfter(outputs.slice(0, whileTraining(outputs))),
    },
    { title: 'npm start: the second run, undone', lines: secondRun(screenAfter(outputs)) },
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
  const { code, output } = await captureCommand(command, args);
  const lines = output.split('\n').filter((line) => line !== '');
  return { code, outputs: lines.map((line) => /** @type {[number, string]} */ (JSON.parse(line))[1]) };
}

/** @param {readonly string[]} outputs */
function screenAfter(outputs) {
  const screen = new Screen(columns);
  for (const output of outputs) screen.write(output);
  return screen.lines();
}

/** How many outputs there are until a bar says that training is more than half done. @param {readonly string[]} outputs */
function whileTraining(outputs) {
  const index = outputs.findIndex((output) => output.includes('  train') && /\b6\d %/.test(output));
  if (index < 0) throw new Error('The terminal never showed the bar of the step train.');
  return index + 1;
}

/** @param {Cell[][]} lines */
function secondRun(lines) {
  const start = lines.findIndex((line) => line.some(({ text }) => text.startsWith('── 2.')));
  if (start < 0) throw new Error('The terminal never showed the heading of the second run.');
  return lines.slice(start);
}
