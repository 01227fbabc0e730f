import { describe, expect, it } from 'vitest';
import { broken, refuses } from './refuses.js';

describe('a command that is used wrongly: exit code 2 and a suggestion', () => {
  it.concurrent.each([
    [['rnu'], /unknown command 'rnu'\n\(Did you mean run\?\)/],
    [['run', 'x.yaml', '--jsno'], /unknown option '--jsno'\n\(Did you mean --json\?\)/],
    [['run'], /missing required argument 'target'/],
    [['run', 'a.yaml', 'b.yaml'], /too many arguments/],
    [['run', 'a.yaml', '--param', 'epochs'], /--param 'epochs' has no value\. Write --param name=value/],
    [['run', 'a.yaml', '--params', 'nowhere.yaml'], /--params nowhere\.yaml: the file cannot be read: ENOENT/],
    [
      ['run', `${broken}good.yaml`, '--params', 'not-yaml.yaml'],
      /--params not-yaml\.yaml: .* The file must hold a map of params, in YAML or JSON\./,
    ],
    [['run', 'a.yaml', '--run-id', 'a b'], /--run-id 'a b' is not possible\./],
    [
      ['run', 'train.ts#Trainer'],
      /^train\.ts: it cannot be loaded: there is no such file; the path is relative to the working/,
    ],
    [
      ['run', 'plugins/yolo#train'],
      /this names no action\. Give file\.ts#NAME[^\n]*Actions of a plugin folder cannot be run by/,
    ],
    [
      ['run', 'train.ts'],
      /this is a program, not a workflow file\. Say which action or step of it to run, train\.ts#NAME/,
    ],
    [
      ['run', 'plugins/words.py'],
      /this is a Python file, not a workflow file\. In a workflow file, make it a plugin and name its steps:\n {2}plugins: { words: { python: plugins\/words\.py } }\n {2}steps: \[{ uses: words\/STEP }\]\n'synapse-steps describe plugins\/words\.py' shows what it offers\.\n$/,
    ],
    [['describe', 'nowhere.py'], /^nowhere\.py: there is no such file\. Give the path of a Python plugin/],
    [['describe'], /Say what to describe: a workflow file, .* or -- and the command of a plugin\./],
    [['describe', 'a.yaml', '--', 'x'], /Give either a workflow file, or -- and the command of a plugin/],
    [['describe', '--', 'a-program-that-nobody-has'], /'a-program-that-nobody-has' was not found in PATH/],
  ])('%j', async (args, expected) => {
    expect(await refuses(args)).toMatch(expected);
  });
});
