import { expect, it } from 'vitest';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { availablePlacements, parseCoreList, place } from './placement.js';
import { Probe } from './probe.js';

it('reads the lists of cores that Linux writes', () => {
  expect(parseCoreList('0-2,5')).toEqual([0, 1, 2, 5]);
  expect(parseCoreList('7')).toEqual([7]);
});

const { placements } = await availablePlacements();

it.runIf(placements.includes('one each'))('puts a program on one core and its child on another', async () => {
  const program = `
    const child = require('node:child_process').spawn(process.execPath, ['--eval', 'process.stdin.resume()']);
    console.log(JSON.stringify({ ready: true, version: String(child.pid) }));
    process.stdin.resume().once('end', () => child.stdin.end());`;
  await using probe = await Probe.start({ command: [process.execPath, '--eval', program] });
  const coresOf = async (pid: number | string): Promise<string | undefined> =>
    (await captureCommand('taskset', ['-c', '-p', String(pid)])).output.split(': ')[1]?.trim();

  await place(probe.pid, 'one core');
  const shared = await coresOf(probe.pid);
  expect(shared).toMatch(/^\d+$/);
  expect(await coresOf(probe.version)).toBe(shared);

  await place(probe.pid, 'one each');
  expect(await coresOf(probe.pid)).toBe(shared);
  expect(await coresOf(probe.version)).toMatch(/^\d+$/);
  expect(await coresOf(probe.version)).not.toBe(shared);
});
