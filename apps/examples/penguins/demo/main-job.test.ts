import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test/run-steps.js';
import { failAndUndo } from './fail-and-undo.js';
import { trainModel } from './train-model.js';

// What the demonstration makes of runs that do not go as they should; its real runs are in main.slow.test.ts.

type Folder = Awaited<ReturnType<typeof temporaryFolder>>;

let problem: string;
beforeEach(() => {
  problem = '';
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(console, 'error').mockImplementation((text: string) => void (problem += text));
});

/** A run that does `work` in the folder and ends with `code`. */
async function judge(part: typeof trainModel, code: number, work: (folder: Folder) => Promise<unknown>) {
  await using folder = await temporaryFolder();
  await folder.write('earlier.json', '{}');
  return await part({ workflow: 'workflow.yaml', output: folder.path, params: {} }, async () => {
    await work(folder);
    return code;
  });
}

async function writeModel({ path, write }: Folder, accuracy: number, name = 'new') {
  await mkdir(join(path, name));
  const evaluation = { accuracy, classes: ['Adelie'], confusion: [[1]] };
  await write(join(name, 'model.json'), JSON.stringify({ evaluation }));
}

const nothing = async () => undefined;

describe('the first run', () => {
  it('is right with one new model that is good enough', async () => {
    expect(await judge(trainModel, 0, (folder) => writeModel(folder, 0.95))).toBe(0);
  });

  it.each([
    { title: 'the command fails', code: 1, work: nothing, says: /exit code 1/ },
    { title: 'no model is there', code: 0, work: nothing, says: /no new model/ },
    {
      title: 'the model is not good',
      code: 0,
      work: (folder: Folder) => writeModel(folder, 0.949),
      says: /95\.0% or more/,
    },
  ])('is wrong when $title', async ({ code, work, says }) => {
    expect(await judge(trainModel, code, work)).toBe(1);
    expect(problem).toMatch(says);
  });

  it('is wrong when there are two new models', async () => {
    const writeTwo = async (folder: Folder) => {
      await writeModel(folder, 1, 'one');
      await writeModel(folder, 1, 'two');
    };
    expect(await judge(trainModel, 0, writeTwo)).toBe(1);
    expect(problem).toMatch(/2 new models/);
  });
});

describe('the second run', () => {
  it('is right when it was undone and nothing is left', async () => {
    expect(await judge(failAndUndo, 1, nothing)).toBe(0);
  });

  it.each([
    { title: 'it succeeds', code: 0, work: nothing, says: /the exit code is 0/ },
    { title: 'something could not be undone', code: 3, work: nothing, says: /the exit code is 3/ },
    {
      title: 'a file is left',
      code: 1,
      work: (folder: Folder) => folder.write('left', ''),
      says: /1 files before, 2 now/,
    },
    {
      title: 'a file has changed',
      code: 1,
      work: (folder: Folder) => folder.write('earlier.json', '[]'),
      says: /not as it was/,
    },
    {
      title: 'a folder is left',
      code: 1,
      work: ({ path }: Folder) => mkdir(join(path, 'left')),
      says: /not as it was/,
    },
  ])('is wrong when $title', async ({ code, work, says }) => {
    expect(await judge(failAndUndo, code, work)).toBe(1);
    expect(problem).toMatch(says);
  });
});

it('a Ctrl-C ends the demonstration with its own exit code', async () => {
  expect(await judge(trainModel, 130, nothing)).toBe(130);
  expect(await judge(failAndUndo, 130, nothing)).toBe(130);
  expect(problem).toBe('');
});
