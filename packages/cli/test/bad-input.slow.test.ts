import { describe, expect, it } from 'vitest';
import { broken, refuses } from './refuses.js';

describe('further workflows that cannot be loaded: exit code 2, what and where and what to do, nothing started', () => {
  it.concurrent.each([
    ['a directory', broken, /this is a directory\. Give the path of a workflow file in it/],
    [
      'a step file that does not exist',
      `${broken}no-such-file.yaml`,
      /^no-such-file\.yaml:2:11: \.\/steps\/godo\.ts cannot be loaded: there is no such file; the path is relative to the workflow file\.\n$/,
    ],
    [
      'a mistake in a TypeScript step while a plugin is starting',
      `${broken}plugin-and-typo.yaml`,
      /^plugin-and-typo\.yaml:5:11: .* there is no export 'GodStep'\.[^\n]*\n$/,
    ],
    [
      'an export that is no step',
      `${broken}no-step.yaml`,
      /^no-step\.yaml:2:11: \.\/steps\/good\.ts: the export 'notAStep' is no step but an object\. A step is a class that extends BaseStep, .* The steps of the file: GoodStep, NegativeStep\.\n$/,
    ],
    [
      'a duplicate name',
      `${broken}duplicate-name.yaml`,
      /^duplicate-name\.yaml:3:5: step 2 has the name 'good', as step 1 in line 2 has\. Give one of them another name/,
    ],
    [
      'a negative weight',
      `${broken}negative-weight.yaml`,
      /^negative-weight\.yaml:3:13: 'weight' of step 1 must be a number, 0 or more, but is -1\.\n$/,
    ],
    [
      'a step class with a negative weight',
      `${broken}negative-class-weight.yaml`,
      /^negative-class-weight\.yaml:2:5: The step 'good' has the weight -1\. A weight is a finite number, 0 or more\.\n$/,
    ],
    [
      'a plugin command that is not in PATH',
      `${broken}missing-program.yaml`,
      /'a-program-that-nobody-has' was not found in PATH\. Install it, or give its path/,
    ],
    [
      'a plugin command that is not executable',
      `${broken}not-executable.yaml`,
      /plugins\/not-executable\.sh.* is not executable.* Run 'chmod \+x /,
    ],
    [
      'a plugin that exits at once',
      `${broken}exits-at-once.yaml`,
      /^exits-at-once\.yaml:2:3: .* exited with code 7 before it answered the handshake\. Run its command by hand to see why\.\nThe last lines on its stderr:\n {2}\| no licence found\n$/,
    ],
    [
      'a Python file that is not there',
      `${broken}python-file-missing.yaml`,
      /the plugin 'trainer' \(Python, plugins\/nowhere\.py\) cannot be used: there is no file plugins\/nowhere\.py\./,
    ],
    [
      'a Python that is not there',
      `${broken}python-missing.yaml`,
      /Python is missing or too old: version 3\.9 or newer is needed\. Tried: plugins\/no-python \(not found\)\. Install Python 3/,
    ],
    [
      'a Python that is too old',
      `${broken}python-too-old.yaml`,
      /Python is missing or too old: version 3\.9 or newer is needed\. Tried: plugins\/old-python\.sh \(version 3\.8\.20\)/,
    ],
  ])('%s', async (_, file, expected) => {
    expect(await refuses(['run', file])).toMatch(expected);
  });

  it.concurrent('no Python at all', async () => {
    const message = await refuses(['run', `${broken}no-such-plugin-step.yaml`], { PATH: '/nowhere', VIRTUAL_ENV: '' });
    expect(message).toMatch(/Python is missing or too old: .* Tried: python3 \(not found\), python \(not found\)\./);
  });
});
