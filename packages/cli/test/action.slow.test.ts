import { runEventSchema } from '@synapse-steps/core';
import { describe, expect, it } from 'vitest';
import { CommandLine, projects } from './command-line.js';
import { refuses } from './refuses.js';

const shelf = `${projects}action/shelf.ts`;
const twoBooks = ['--param', 'books=["emma","dune"]'];

describe('running an action by its name', () => {
  it('prints its run events with --json, and the result to stderr', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout, stderr } = await commandLine.run(['run', `${shelf}#Fill`, ...twoBooks, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'result: {"placed":["emma","dune"]}\n' });
    const last = runEventSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
    expect(last).toMatchObject({ report: { workflow: 'Fill', status: 'succeeded', stepsTotal: 2 } });
  });

  it('needs no steps: its execute is one', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', `${shelf}#Note`, '--param', 'text=hello']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/execute: done[^]*\nresult: \{"length":5\}\n/);
    expect(await commandLine.files()).toEqual(['note.txt']);
  });

  it('warns of a result that is not as its schema says', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stderr } = await commandLine.run(['run', `${shelf}#Fill`, '--param', 'books=["a","b","c"]']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'The result of Fill is not as its schema says:\n  placed: Too big: expected array to have <=2 items\n',
    );
  });

  it('says so when the result cannot be made, and that what was done stays: exit code 3', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', `${shelf}#ResultThrows`, '--param', 'text=x']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/The steps of ResultThrows succeeded and stay done, but its result cannot be made: nobody/);
  });

  it('runs a list of steps as well', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['run', `${shelf}#checks`]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/checks succeeded in /);
  });
});

describe('an action that cannot be run: exit code 2, nothing started', () => {
  it('names what the file exports', async () => {
    const known = 'The actions and steps of the file: Depends, Fill, Note, ResultThrows, checks.';
    expect(await refuses(['run', `${shelf}#Fil`])).toMatch(
      /there is no export 'Fil'\. Did you mean 'Fill'\? The actions and steps of the file: Fill, /,
    );
    expect(await refuses(['run', `${shelf}#label`])).toContain(known);
  });
});

describe('describing an action', () => {
  it('does so as JSON, with the params as JSON schema', async () => {
    await using commandLine = await CommandLine.open();
    const { stdout } = await commandLine.run(['describe', '--json', `${shelf}#Fill`]);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'action',
      name: 'Fill',
      paramsSchema: { type: 'object', required: ['books'], properties: { books: { type: 'array' } } },
      steps: [
        { name: 'place', weight: 3, share: 0.75, undo: 'undo' },
        { name: 'look', undo: 'nothing-to-undo' },
      ],
    });
  });

  it('takes params where the steps depend on them, and says so when they are missing', async () => {
    await using commandLine = await CommandLine.open();
    const { code, stdout } = await commandLine.run(['describe', `${shelf}#Depends`, '--param', 'text=one two']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^action Depends: 2 steps\n[^]*\n {2}one +1 +50 %[^]*\n {2}text +"one two" +string\n$/);
    expect(await refuses(['describe', `${shelf}#Depends`])).toMatch(
      /the action Depends cannot be prepared: [^\n]+\. If its steps depend on its params, give those, too\.\n$/,
    );
  });
});

it('warns of a param that is kept but most likely a slip, and runs', async () => {
  await using commandLine = await CommandLine.open();
  const { code, stdout, stderr } = await commandLine.run([
    'run',
    `${projects}action/note.ts#Note`,
    '--param',
    'titel=x',
  ]);
  expect(code).toBe(0);
  expect(stderr.replace(projects, '')).toBe(
    "action/note.ts#Note: the param 'titel' is not declared; it is kept as it is. Did you mean 'title'?\n",
  );
  expect(stdout).toContain('result: {"title":"none","reader":null,"titel":"x"}');
});
