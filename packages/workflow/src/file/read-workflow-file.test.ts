import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WorkflowError } from '../workflow-error.js';
import { readReferences } from './read-references.js';
import { readWorkflowFile } from './read-workflow-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workflow-file-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function read(text: string | Uint8Array): Promise<ReturnType<typeof readReferences>> {
  await writeFile(join(folder, 'flow.yaml'), text);
  return readReferences(await readWorkflowFile('flow.yaml', folder));
}

async function messageOf(text: string | Uint8Array): Promise<string> {
  const error = await read(text).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(WorkflowError);
  return (error as WorkflowError).message;
}

describe('a workflow file that is right', () => {
  it('gives its definition, and the name of the file where it has none of its own', async () => {
    await writeFile(join(folder, 'night.yaml'), 'steps: [{ uses: ./a.ts#A }]\n');
    const file = await readWorkflowFile('night.yaml', folder);
    expect(file).toMatchObject({ name: 'night', folder, definition: { steps: [{ uses: './a.ts#A' }] } });
  });

  it('names steps of files and of plugins, each plugin once', async () => {
    const references = await read(
      'context: ./c.ts#C\nplugins: { t: { python: t.py }, unused: { command: [x] } }\nsteps: [{ uses: ../a.mjs }, { uses: t/one }, { uses: t/two }]\n',
    );
    expect(references).toMatchObject({
      context: { kind: 'module', path: './c.ts', exportName: 'C' },
      steps: [
        { number: '1', reference: { kind: 'module', path: '../a.mjs', exportName: 'default' } },
        { number: '2', reference: { kind: 'plugin', plugin: 't', step: 'one' } },
        { number: '3', reference: { kind: 'plugin', plugin: 't', step: 'two' } },
      ],
      plugins: ['t'],
    });
  });

  it('may have steps side by side, tried again, and with a time limit', async () => {
    const { steps } = await read(
      'steps:\n  - parallel: [{ uses: ./a.ts, timeout: 1.5s }, { uses: ./b.ts, retry: { delay: 2m } }]\n    concurrency: 2\n',
    );
    expect(steps).toMatchObject([
      { kind: 'parallel', definition: { concurrency: 2 }, children: [{ number: '1.1' }, { number: '1.2' }] },
    ]);
  });

  it('may use anchors', async () => {
    await expect(read('params: { a: &a 1, b: *a }\nsteps: [{ uses: ./a.ts }]\n')).resolves.toBeDefined();
  });
});

const STEPS = 'steps:\n  - uses: ./a.ts#A\n';

describe('a workflow file that is wrong says where and what was expected:', () => {
  it.each([
    [
      'a key that does not exist',
      `${STEPS}pluings: {}\n`,
      /^flow\.yaml:3:1: unknown key 'pluings' in the workflow file\. Did you mean 'plugins'\? Known keys: plugins, /,
    ],
    [
      'a key that does not exist in a step',
      'steps:\n  - uses: ./a.ts#A\n    wieght: 1\n',
      /^flow\.yaml:3:5: unknown key 'wieght' in step 1\. Did you mean 'weight'\? Known keys: weight, /,
    ],
    [
      'a key that does not exist in a plugin',
      `plugins:\n  t: { pythn: a.py }\n${STEPS}`,
      /flow\.yaml:2:8: unknown key 'pythn' in plugin 't'\. Did you mean 'python'\?/,
    ],
    [
      'a key that only a later version knows',
      `plugins:\n  t: { synapse: ../yolo }\n${STEPS}`,
      /flow\.yaml:2:8: 'synapse' in plugin 't' is not available in this version/,
    ],
    [
      'requirements of a plugin that is not in Python',
      `plugins:\n  t: { command: [./t], requirements: r.txt }\n${STEPS}`,
      /^flow\.yaml:2:24: 'requirements' of plugin 't': 'requirements' is for a plugin in Python\. Remove it/,
    ],
    [
      'an environment and what is to be installed',
      `plugins:\n  t: { python: t.py, environment: ./.venv, requirements: r.txt }\n${STEPS}`,
      /^flow\.yaml:2:44: 'requirements' of plugin 't': an 'environment' is used as it is, so there can be no 'requirements' beside it\. Remove one of them\.$/,
    ],
    [
      'a version of Python that is a number',
      `plugins:\n  t: { python: t.py, requiresPython: 3.10 }\n${STEPS}`,
      /^flow\.yaml:2:38: 'requiresPython' of plugin 't' must be versions of Python such as '>=3\.10', in quotes, but is 3\.1\.$/,
    ],
    [
      'a negative weight',
      'steps:\n  - uses: ./a.ts#A\n    weight: -0.5\n',
      /^flow\.yaml:3:13: 'weight' of step 1 must be a number, 0 or more, but is -0\.5\.$/,
    ],
    [
      'a weight that is no number',
      'steps:\n  - uses: ./a.ts#A\n    weight: .inf\n',
      /^flow\.yaml:3:13: 'weight' of step 1 must be a number/,
    ],
    ['a step without uses', 'steps:\n  - name: a\n', /^flow\.yaml:2:5: step 1 lacks 'uses': a text such as /],
    [
      'a step that is a text',
      'steps:\n  - train\n',
      /^flow\.yaml:2:5: step 1 must be a map such as .* but is "train"\.$/,
    ],
    [
      'a name with a slash',
      'steps:\n  - uses: ./a.ts\n    name: a/b\n',
      /^flow\.yaml:3:11: 'name' of step 1 must be a text that is not empty and has no '\/', but is "a\/b"\.$/,
    ],
    ['no steps', 'name: x\n', /^flow\.yaml:1:1: the workflow file lacks 'steps': a list with at least one step\.$/],
    [
      'an empty list of steps',
      'steps: []\n',
      /^flow\.yaml:1:8: 'steps' must be a list with at least one step, but is an empty list\.$/,
    ],
    [
      'steps that are a map',
      'steps: { a: 1 }\n',
      /^flow\.yaml:1:8: 'steps' must be a list with at least one step, but is a map \(a\)\.$/,
    ],
    [
      'an empty file',
      '',
      /^flow\.yaml:1:1: the workflow file must be a map with at least the key steps, but is empty\.$/,
    ],
    [
      'a list instead of a map',
      '- a\n',
      /the workflow file must be a map with at least the key steps, but is a list\.$/,
    ],
    [
      'a plugin with two sources',
      `plugins:\n  t: { python: a.py, command: [b] }\n${STEPS}`,
      /^flow\.yaml:2:6: plugin 't' must be a map with either 'python' \(a file\) or 'command'/,
    ],
    [
      'a plugin without a source',
      `plugins:\n  t: { env: [A] }\n${STEPS}`,
      /^flow\.yaml:2:6: plugin 't' must be a map with either/,
    ],
    [
      'a plugin with a bad name',
      `plugins:\n  a/b: { python: a.py }\n${STEPS}`,
      /^flow\.yaml:2:3: 'a\/b' cannot be the name of a plugin\./,
    ],
    [
      'a command that is a text',
      `plugins:\n  t: { command: ./run }\n${STEPS}`,
      /^flow\.yaml:2:17: 'command' of plugin 't' must be a list of texts/,
    ],
    [
      'no workers',
      `plugins:\n  t: { python: a.py, workers: 0 }\n${STEPS}`,
      /^flow\.yaml:2:31: 'workers' of plugin 't' must be a whole number, 1 or more, but is 0\.$/,
    ],
    [
      'an isolation that there is not',
      `plugins:\n  t: { python: a.py, isolation: vm }\n${STEPS}`,
      /^flow\.yaml:2:33: 'isolation' of plugin 't' must be 'shared' or 'process', but is "vm"\.$/,
    ],
    [
      'an idle time without a unit',
      `plugins:\n  t: { python: a.py, idle: 5 }\n${STEPS}`,
      /^flow\.yaml:2:28: 'idle' of plugin 't' must be a time such as 30s, 5m or 1h, but is 5\.$/,
    ],
    [
      'a param that JSON cannot express',
      `params: { a: .nan }\n${STEPS}`,
      /^flow\.yaml:1:14: the param 'a' must be a value that JSON can express, but is NaN\.$/,
    ],
    [
      'a plugin that is not there',
      'plugins: { trainer: { python: a.py } }\nsteps:\n  - uses: trianer/train\n',
      /^flow\.yaml:3:11: there is no plugin 'trianer'\. Did you mean 'trainer'\? The plugins of the file: trainer\.$/,
    ],
    [
      'a plugin in a file without plugins',
      'steps:\n  - uses: trainer/train\n',
      /there is no plugin 'trainer'\. The file has no 'plugins'\.$/,
    ],
    [
      'a time without a unit',
      'steps:\n  - uses: ./a.ts\n    timeout: 20\n',
      /^flow\.yaml:3:14: 'timeout' of step 1 must be a time such as 500ms, 30s, 2m or 1h, but is 20\.$/,
    ],
    [
      'an unknown key in retry',
      'steps:\n  - uses: ./a.ts\n    retry: { atempts: 2 }\n',
      /^flow\.yaml:3:14: unknown key 'atempts' in 'retry' of step 1\. Did you mean 'attempts'\? Known keys: attempts, delay\.$/,
    ],
    [
      'no attempts',
      'steps:\n  - uses: ./a.ts\n    retry: { attempts: 0 }\n',
      /^flow\.yaml:3:24: 'retry\.attempts' of step 1 must be a whole number, 1 or more, but is 0\.$/,
    ],
    [
      'an unknown key beside parallel',
      'steps:\n  - parallel: [{ uses: ./a.ts }]\n    optional: true\n',
      /^flow\.yaml:3:5: unknown key 'optional' in step 1\. Known keys: .*parallel.*$/,
    ],
    [
      'a step inside parallel steps',
      'steps:\n  - parallel:\n      - uses: ./a.ts\n      - uses: ./b.ts\n        weight: -1\n',
      /^flow\.yaml:5:17: 'weight' of step 1\.2 must be a number, 0 or more, but is -1\.$/,
    ],
    [
      'parallel steps that are none',
      'steps:\n  - parallel: []\n',
      /^flow\.yaml:2:15: 'parallel' of step 1 must be a list with at least one step, but is an empty list\.$/,
    ],
    ['a path without ./', 'steps:\n  - uses: steps/a.ts#A\n', /perhaps \.\/steps\/a\.ts#A is meant\.$/],
    [
      'a name alone',
      'steps:\n  - uses: train\n',
      /'train' is no step\. Write \.\/file\.ts#Export for a step of a file, or plugin\/step/,
    ],
    ['a context that is no file', `context: Context\n${STEPS}`, /^flow\.yaml:1:10: 'Context' is no context\./],
    ['a bracket that is not closed', 'steps: [\n', /^flow\.yaml:2:1: this is not YAML: /],
    [
      'a key that comes twice',
      `name: a\nname: b\n${STEPS}`,
      /^flow\.yaml:2:1: this is not YAML: Map keys must be unique/,
    ],
    ['a tab for indentation', 'steps:\n\t- uses: ./a.ts\n', /^flow\.yaml:2:1: this is not YAML: /],
    [
      'a tag that nobody knows',
      `name: !python/object a\n${STEPS}`,
      /^flow\.yaml:1:7: this is not YAML: Unresolved tag/,
    ],
    [
      'bytes that are no text',
      Uint8Array.of(0xff, 0xfe, 0x00),
      /^flow\.yaml: this file is not UTF-8 text\. Save it as UTF-8\.$/,
    ],
    [
      'more than a megabyte',
      `# ${'x'.repeat(1024 * 1024)}\n${STEPS}`,
      /^flow\.yaml: the file cannot be read: it has \d+ bytes, more than/,
    ],
  ])('%s', async (_, text, expected) => {
    expect(await messageOf(text)).toMatch(expected);
  });

  it('aliases that multiply beyond reason', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef'])
      bomb.push(`${to}: &${to} [${Array(9).fill(`*${from}`).join(',')}]`);
    expect(await messageOf(`params:\n  ${bomb.join('\n  ')}\n${STEPS}`)).toMatch(/Excessive alias count/);
  });

  it('every problem at once, each in a line of its own', async () => {
    const message = await messageOf('nmae: x\nsteps:\n  - uses: ./a.ts\n    weight: -1\n  - {}\n');
    expect(message.split('\n')).toHaveLength(3);
  });
});

describe('a workflow file that is not there', () => {
  it('is named', async () => {
    await expect(readWorkflowFile('none.yaml', folder)).rejects.toThrow(
      /^none\.yaml: there is no such file\. Give the path of a workflow file/,
    );
    await expect(readWorkflowFile('.', folder)).rejects.toThrow(/^\.: this is a directory\./);
  });
});
