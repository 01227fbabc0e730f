import { runEventSchema, type RunReport } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';
import { refuses } from './refuses.js';

const shelf = `${projects}action/shelf.ts`;
const twoBooks = ['--param', 'books=["emma","dune"]'];

function reportOf(stdout: string): RunReport | undefined {
  const last = runEventSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  return last.type === 'run-end' ? last.report : undefined;
}

describe('running an action by its name', () => {
  it('shows its steps, progress and result, and exits with 0', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout, stderr } = await commandLine.run(['run', `${shelf}#Fill`, ...twoBooks]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^\[ {2}0 %\] Fill: 2 steps, run /);
    expect(stdout).toMatch(/\[ 75 %\] look: started\n/);
    expect(stdout).toMatch(/\nresult: \{"placed":\["emma","dune"\]\}\n\nFill succeeded in /);
    expect(await commandLine.files()).toEqual(['dune', 'emma']);
  });

  it('undoes what it did when a step fails, and exits with 1', async () => {
    await using commandLine = await CommandLine.open();
    await commandLine.write('params.yaml', 'books: [emma, dune]\nfail: true\n');
    const { code, stdout } = await commandLine.run(['run', `${shelf}#Fill`, '--params', 'params.yaml']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/Step 'look' failed: the shelf is crooked\n/);
    expect(stdout).not.toMatch(/result:/);
    expect(await commandLine.files()).toEqual(['params.yaml']);
  });

  it('is cancelled by Ctrl-C, undone, and exits with 130', async () => {
    await using commandLine = await CommandLine.open();
    const running = commandLine.start(['run', `${shelf}#Fill`, ...twoBooks, '--param', 'waitFor=never', '--json']);
    await running.prints(/"step-progress"/);
    expect(await commandLine.files()).toEqual(['emma']);
    running.signal('SIGINT');
    const { code, stdout } = await running.finished;
    expect(code).toBe(130);
    expect(reportOf(stdout)).toMatchObject({ status: 'rolled-back', error: { code: 'run_cancelled' } });
    expect(await commandLine.files()).toEqual([]);
  });
});

describe('an action that cannot be run: exit code 2, nothing started', () => {
  it('names every param that is not right, with what was expected', async () => {
    const given = ['--param', 'books=[1, ""]', '--param', 'fail=maybe', '--param', 'color=red'];
    expect((await refuses(['run', `${shelf}#Fill`, ...given])).replaceAll(shelf, 'shelf.ts')).toBe(
      `shelf.ts#Fill: there is no param 'color'. The action has: 'books', 'waitFor', 'fail'.
shelf.ts#Fill: the param 'books.0' was given 1: Invalid input: expected string, received number. Give another value.
shelf.ts#Fill: the param 'books.1' was given "": Too small: expected string to have >=1 characters. Give another value.
shelf.ts#Fill: the param 'fail' was given "maybe": Invalid input: expected boolean, received string. Give another value.
`,
    );
  });
});

describe('describing an action', () => {
  it('shows its steps, weights, params and what can be undone, also without params', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout, stderr } = await commandLine.run(['describe', `${shelf}#Fill`]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`action Fill: 2 steps

  step   weight  share  undo
  place       3   75 %  can be undone
  look        1   25 %  nothing to undo

params:
  books    (must be given)  array, names of files to make
  waitFor                   string, a file to wait for after the first book
  fail                      boolean, default false
`);
    expect(await commandLine.files()).toEqual([]);
  });
});

describe('an action as a step of a workflow file', () => {
  it('is described with its steps inside it', async () => {
    await using commandLine = await CommandLine.open();
    const described = await commandLine.run(['describe', `${projects}action/workflow.yaml`]);
    expect(described.stdout).toBe(`workflow shelves: 2 steps

  step     weight  share  undo
  fill          3   75 %  can be undone    ./shelf.ts#Fill
    place       3   75 %  can be undone
    look        1   25 %  nothing to undo
  last          1   25 %  nothing to undo  ./last.ts#LastStep

params:
  fail  false

params of fill:
  books    ["emma","dune"]  array, names of files to make
  waitFor                   string, a file to wait for after the first book
  fail     false            boolean, default false
`);
    const json = await commandLine.run(['describe', '--json', `${projects}action/workflow.yaml`]);
    const { steps } = JSON.parse(json.stdout) as { steps: { children: { share: number }[] }[] };
    expect(steps[0]?.children.map(({ share }) => share)).toEqual([0.5625, 0.1875]);
  });

  it('is undone through its steps when a later one fails', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', `${projects}action/workflow.yaml`, '--param', 'fail=true']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/\[ 56 %\] fill\/look: started\n/);
    expect(stdout).toMatch(/\n {2}fill\/place +undone\n/);
    expect(await commandLine.files()).toEqual([]);
  });
});
