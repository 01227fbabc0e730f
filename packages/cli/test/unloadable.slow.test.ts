import { describe, expect, it } from 'vitest';
import { broken, refuses } from './refuses.js';

const DECLARE = "To have another one, declare it under 'params:' in the file, or in the context class's params.";
describe('a workflow that cannot be loaded: exit code 2, what and where and what to do, nothing started', () => {
  it.concurrent.each([
    [
      'a file that is not there',
      'nowhere.yaml',
      /^nowhere\.yaml: there is no such file\. Give the path of a workflow file, such as workflow\.yaml\.\n$/,
    ],
    ['a file that is not YAML', 'not-yaml.yaml', /^not-yaml\.yaml:2:1: this is not YAML: /],
    [
      'an unknown key',
      `${broken}unknown-key.yaml`,
      /^unknown-key\.yaml:2:1: unknown key 'stpes' in the workflow file\. Did you mean 'steps'\? Known keys: steps, /,
    ],
    [
      'an export that does not exist',
      `${broken}no-such-export.yaml`,
      /^no-such-export\.yaml:2:11: \.\/steps\/good\.ts: there is no export 'GodStep'\. Did you mean 'GoodStep'\? The steps of the file: GoodStep, NegativeStep\.\n$/,
    ],
    [
      'a step that the plugin does not have',
      `${broken}no-such-plugin-step.yaml`,
      /^no-such-plugin-step\.yaml:5:11: the plugin 'trainer' has no step 'trian'\. Did you mean 'train'\? Its steps: train\.\n$/,
    ],
    [
      'a step file that throws',
      `${broken}throws.yaml`,
      /^throws\.yaml:2:11: \.\/steps\/throws\.ts cannot be loaded: TypeError: no folder is set \(at steps\/throws\.ts:6:44\)\.\n$/,
    ],
    [
      'a plugin command that does not exist',
      `${broken}missing-command.yaml`,
      /^missing-command\.yaml:2:3: the plugin 'trainer' \(\.\/plugins\/nowhere --serve\) cannot be used: there is no file \.\/plugins\/nowhere\./,
    ],
    [
      'a plugin that prints text instead of the handshake',
      `${broken}prints-text.yaml`,
      /^prints-text\.yaml:2:3: the plugin 'trainer' \(\.\/plugins\/prints-text\.sh\) cannot be used: 'trainer' is no plugin: instead of the handshake its stdout begins with "Welcome to the trainer"/,
    ],
    [
      'a Python plugin that raises while it is imported',
      `${broken}raises.yaml`,
      /^raises\.yaml:2:3: the plugin 'trainer' \(Python, plugins\/raises\.py\) cannot be used: [^\n]*ModuleNotFoundError: No module named 'a_package_that_nobody_has'\n {2}\| Traceback \(most recent call last\):\n {2}\| {3}File "plugins\/raises\.py", line 3, in <module>\n/,
    ],
  ])('%s', async (_, file, expected) => {
    expect(await refuses(['run', file])).toMatch(expected);
  });

  it.concurrent('a param that the workflow does not have', async () => {
    expect(await refuses(['run', `${broken}params.yaml`, '--param', 'epcohs=9', '--param', 'csv=a.csv'])).toBe(
      `params.yaml: there is no param 'epcohs'. Did you mean 'epochs'? The workflow has: 'epochs', 'csv'. ${DECLARE}\n`,
    );
    expect(await refuses(['run', `${broken}good.yaml`, '--param', 'seed=1'])).toBe(
      `good.yaml: there is no param 'seed'. The workflow has: none. ${DECLARE}\n`,
    );
  });

  it.concurrent('params that fail validation, each with its place', async () => {
    expect(await refuses(['run', `${broken}params.yaml`])).toBe(
      "params.yaml:2:19: the param 'epochs' is 0: Too small: expected number to be >=1.\n" +
        "params.yaml: the param 'csv' is missing: Invalid input: expected string, received undefined. Give it a value.\n",
    );
    expect(await refuses(['run', `${broken}params.yaml`, '--param', 'epochs=many', '--param', 'csv=a.csv'])).toBe(
      `params.yaml: the param 'epochs' was given "many": Invalid input: expected number, received string. Give another value.\n`,
    );
  });
});
