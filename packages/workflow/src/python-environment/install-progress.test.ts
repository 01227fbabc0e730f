import { describe, expect, it } from 'vitest';
import { installFailure } from './install-failure.js';
import { progressLine } from './install-progress.js';

describe('of what an installer prints', () => {
  it.each([
    ['Collecting numpy==2.1 (from -r requirements.txt (line 1))', 'Collecting numpy==2.1'],
    ['  Downloading numpy-2.1.whl (18.2 MB)', 'Downloading numpy-2.1.whl (18.2 MB)'],
    ['\u001b[2mResolved \u001b[1m3 packages\u001b[0m in 12ms', 'Resolved 3 packages in 12ms'],
    ['Processing http://me:token@127.0.0.1/a.whl', 'Processing http://…@127.0.0.1/a.whl'],
    ['Processing http://me:to@ken@127.0.0.1/a.whl', 'Processing http://…@127.0.0.1/a.whl'],
    ['Downloading https://127.0.0.1/a.whl?sig=token&x=1 (2 MB)', 'Downloading https://127.0.0.1/a.whl?… (2 MB)'],
    ['Collecting a@ git+https://127.0.0.1/a@main', 'Collecting a@ git+https://127.0.0.1/a@main'],
    ['Looking in indexes: http://127.0.0.1/simple', undefined],
    ['Requirement already satisfied: pip', undefined],
  ])('"%s" people hear %j', (line, told) => {
    expect(progressLine(line)).toBe(told);
  });

  it.each([
    [
      'error: Failed to fetch: `http://u:p@127.0.0.1/simple/x/`\n  Caused by: tcp connect error',
      /index cannot be reached/,
    ],
    [
      'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device',
      /disk is full.* \/envs,/,
    ],
    ['  × No solution found when resolving dependencies:', /no such package, or none that fits/],
    ["ERROR: Package 'a' requires a different Python: 3.9.1 not in '>=3.10'", /does not run on this version of Python/],
    ["error: [Errno 30] Read-only file system: '/envs/x'", /look at the permissions of \/envs/],
    ["ERROR: Invalid requirement: 'a = 1'", /A line of the requirements cannot be read/],
    ['ERROR: Failed building wheel for a', /could not be built here/],
    ['something else', /correct what it says/],
  ])('"%s" leads to advice', (text, advice) => {
    const error = installFailure({
      what: 'pip 1 could not install it',
      folder: '/envs',
      code: 1,
      isFull: false,
      lines: text.split('\n'),
    });
    expect(error.message).toMatch(advice);
    expect(error.message).not.toContain('u:p');
    expect(error.message).toContain(text.split('\n')[0]?.replace('u:p', '…'));
  });
});
