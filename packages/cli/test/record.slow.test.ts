import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readTranscript } from '@synapse-steps/bridge/transcript';
import { expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';

const bash = ['--', 'bash', `${projects}../plugins/bash/plugin.sh`];

it('records a run, with all of its plugins, into a file of its owner', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stderr } = await commandLine.run(['run', `${projects}mixed/workflow.yaml`, '--record', 'run.ndjson']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const said = recordedIn(commandLine);
  expect(statSync(join(commandLine.folder, 'run.ndjson')).mode & 0o777).toBe(0o600);
  expect(said).toEqual(expect.arrayContaining(['start', 'h>p initialize', 'h>p execute', 'h>p shutdown', 'exit']));
});

it('records what describe asks, and each process of check plugin', async () => {
  await using commandLine = await CommandLine.open();
  expect(await commandLine.run(['describe', '--record', 'run.ndjson', ...bash])).toMatchObject({ code: 0, stderr: '' });
  expect(recordedIn(commandLine).slice(0, 3)).toEqual(['start', 'h>p initialize', 'h>p describe']);

  await using other = await CommandLine.open();
  const check = ['check', 'plugin', '--record', 'run.ndjson', '--context', '{"value": 21}', '--patience', '3'];
  expect(await other.run([...check, ...bash])).toMatchObject({ code: 0, stderr: '' });
  const said = recordedIn(other);
  expect(said.filter((what) => what === 'start').length).toBeGreaterThan(10);
  expect(said).toEqual(expect.arrayContaining(['h>p text', 'h>p raw', 'h>p _conformance/unknown']));
});

it('never overwrites a file, and starts nothing then', async () => {
  await using commandLine = await CommandLine.open();
  await commandLine.write('run.ndjson', 'precious');
  for (const command of [['describe'], ['check', 'plugin']]) {
    const { code, stderr } = await commandLine.run([...command, '--record', 'run.ndjson', ...bash]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/run\.ndjson: there is something in it already\. Name a new file/);
  }
  const { code } = await commandLine.run(['run', `${projects}mixed/workflow.yaml`, '--record', 'run.ndjson']);
  expect(code).toBe(2);
  expect(readFileSync(join(commandLine.folder, 'run.ndjson'), 'utf8')).toBe('precious');
});

it('holds a plugin against a transcript', async () => {
  await using commandLine = await CommandLine.open();
  const golden = `${projects}../protocol/transcripts/double.ndjson`;
  const check = ['check', 'plugin', '--patience', '3', '--transcript'];
  const right = await commandLine.run([...check, golden, ...bash]);
  expect(right).toEqual({ code: 0, stdout: `It answers as it stands in ${golden}.\n`, stderr: '' });
  await commandLine.write('wrong.ndjson', readFileSync(golden, 'utf8').replace('"value":42', '"value":43'));
  const wrong = await commandLine.run([...check, 'wrong.ndjson', '--json', ...bash]);
  expect(wrong.code).toBe(1);
  const problems = ['entry 7: of the answer to the request 3, /result/patch/0/value is 42, not 43'];
  expect(JSON.parse(wrong.stdout)).toMatchObject({ passed: false, transcript: 'wrong.ndjson', problems });
});

function recordedIn({ folder }: CommandLine): string[] {
  const entries = readTranscript(readFileSync(join(folder, 'run.ndjson'), 'utf8'));
  return entries.map((entry) => {
    if (entry.dir !== 'h>p') return entry.dir;
    const method = entry.frame?.['method'];
    if (typeof method === 'string') return `h>p ${method}`;
    return entry.raw === undefined ? 'h>p text' : 'h>p raw';
  });
}
