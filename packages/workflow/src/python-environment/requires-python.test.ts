import { describe, expect, it } from 'vitest';
import { parseRequiresPython, type PythonVersion } from './requires-python.js';

describe('a version of Python', () => {
  it.each<[string, PythonVersion, boolean]>([
    ['>=3.10', [3, 10, 0], true],
    ['>=3.10', [3, 9, 18], false],
    ['>=3.9,<3.13', [3, 12, 1], true],
    ['>=3.9 , < 3.13', [3, 13, 0], false],
    ['>3.11', [3, 11, 7], true],
    ['>3.11', [3, 11, 0], false],
    ['<=3.11', [3, 11, 7], false],
    ['~=3.10', [3, 12, 1], true],
    ['~=3.10.2', [3, 10, 13], true],
    ['~=3.10.2', [3, 11, 0], false],
    ['~=3.10.2', [3, 10, 1], false],
    ['==3.11.*', [3, 11, 7], true],
    ['==3.1.*', [3, 11, 7], false],
    ['==3.11', [3, 11, 7], false],
    ['===3.11.7', [3, 11, 7], true],
    ['!=3.12.0', [3, 12, 0], false],
    ['!=3.12.*', [3, 12, 4], false],
    ['>=3', [3, 9, 0], true],
    ['>=3.13.0rc1', [3, 13, 0], true],
    ['>=3.13.0rc1', [3, 12, 9], false],
    ['<3.13.0a0', [3, 13, 0], false],
    ['<=3.13.dev0', [3, 12, 9], true],
    ['>3.13rc1', [3, 13, 0], true],
    ['==3.13rc1', [3, 13, 0], false],
    ['!=3.13.0b2', [3, 13, 0], true],
    ['>=3.12.0.post1', [3, 12, 0], false],
    ['~=3.12.0rc1', [3, 12, 4], true],
    ['~=3.12.0rc1', [3, 13, 0], false],
    ['>=v3.10, <4.0,', [3, 13, 0], true],
  ])('%s with %j: %j', (specifier, version, fits) => {
    expect(parseRequiresPython(specifier)(version)).toBe(fits);
  });

  it.each([
    ['', /it is empty/],
    ['3.10', /'3\.10' lacks an operator, as in '>=3\.10' or '==3\.10\.\*'/],
    ['>=3.10;<4', /'>=3\.10;<4' cannot be read/],
    ['python3', /cannot be read\. Write it as '>=3\.10'/],
    ['^3.10', /cannot be read/],
    ['>=3.10 <4', /cannot be read/],
    ['>=3.10rc1.*', /cannot be read/],
    ['>=3.*', /has a '\*', which only '==' and '!=' can have/],
    ['~=3', /needs a minor version/],
  ])('cannot be asked for as %j', (specifier, message) => {
    expect(() => parseRequiresPython(specifier)).toThrow(message);
  });
});
