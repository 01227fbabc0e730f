import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

const gated = `${projects}gated/workflow.yaml`;
const ESCAPE = '\u001b';

/** What a person could have read: without colours and movements. */
function readable(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n');
}

it('shows bars for run and step, metrics, and log lines above them, and takes the bars away at the end', async () => {
  await using commandLine = await CommandLine.open();
  const running = commandLine.start(['run', gated], { columns: 100 });
  await running.prints(/gated {3}█+░+ .* 62 %/);
  await commandLine.write('go');
  const { code, stdout } = await running.finished;
  expect(code).toBe(0);
  const text = readable(stdout);
  expect(text).toMatch(/gated +█{15}░{9} +62 % {2}1 of 2 steps\n/);
  expect(text).toMatch(/ {2}gated █{12}░{12} +50 % {2}2 of 4 {2}loss 0\.25\n/);
  expect(text).toMatch(/first: done in .*\n(?:.*\n)*.*printed by the step itself\n(?:.*\n)*.*gated \| at the gate\n/);
  expect(text).toMatch(/gated succeeded in .*\n$/);
  expect(stdout).toContain(`${ESCAPE}[?25l`);
  expect(stdout.indexOf(`${ESCAPE}[?25h`)).toBeGreaterThan(stdout.indexOf('succeeded'));
});

it('lets no control sequence of a step or plugin through to the terminal', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('go');
  const { stdout } = await commandLine.run(['run', gated], { columns: 100 });
  expect(stdout).toContain('gated | at the gate');
  expect(stdout).not.toContain(`${ESCAPE}[2J`);
  expect(stdout).not.toContain('\u0007');
});

it('shows the rollback as a bar of its own, while the number of the run stands still', async () => {
  await using commandLine = await CommandLine.open();
  const running = commandLine.start(['run', gated, '--param', 'slowUndo=true'], { columns: 100 });
  await running.prints(/62 %/);
  running.type('\u0003'); // Ctrl-C, as the terminal delivers it
  await running.prints(/undoing +█{12}░{12} 1 of 2 {2}first/);
  running.type('\u0003');
  await running.prints(/Undoing: 1 of 2 steps are done\. Now: 'first'\./);
  await commandLine.write('undo-first');
  const { code, stdout } = await running.finished;
  expect(code).toBe(130);
  expect(readable(stdout)).toMatch(/stopped at 62 %\n/);
  expect(readable(stdout)).toMatch(/gated cancelled after .*; everything was undone\n$/);
  expect(await commandLine.leftProcesses()).toEqual([]);
});

it('fits into a terminal of twenty columns', async () => {
  await using commandLine = await CommandLine.open();
  const running = commandLine.start(['run', gated], { columns: 20 });
  await running.prints(/62 %/);
  await commandLine.write('go');
  const { code, stdout } = await running.finished;
  expect(code).toBe(0);
  const bars = readable(stdout)
    .split('\n')
    .filter((line) => line.includes(' %'));
  expect(bars.length).toBeGreaterThan(0);
  expect(bars.filter((line) => line.length > 19)).toEqual([]);
});

it('uses no colour with NO_COLOR', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('go');
  const coloured = await commandLine.run(['run', gated], { columns: 80 });
  const plain = await commandLine.run(['run', gated], { columns: 80, env: { NO_COLOR: '1' } });
  expect(coloured.stdout).toContain(`${ESCAPE}[32m`);
  // eslint-disable-next-line no-control-regex -- colours are control sequences
  expect(plain.stdout).not.toMatch(/\u001b\[\d+m/);
});

it('prints plain lines on a terminal that can do nothing else', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('go');
  const { stdout } = await commandLine.run(['run', gated], { columns: 80, env: { TERM: 'dumb' } });
  expect(stdout).not.toContain(ESCAPE);
  expect(readable(stdout)).toContain('[ 25 %] gated: started\n');
});
