import { expect, it } from 'vitest';
import { findPythons, parseIdentity, requirePython } from './find-pythons.mjs';

it('knows a CPython by what it says of itself', () => {
  expect(parseIdentity('cpython|3|9|/opt/python/bin/python3\n')).toEqual({
    minor: 9,
    python: { command: '/opt/python/bin/python3', version: '3.9' },
  });
});

it.each(['cpython|3|8|/bin/python3', 'cpython|2|7|/bin/python', 'pypy|3|10|/bin/pypy', ''])(
  'passes over %j',
  (output) => {
    expect(parseIdentity(output)).toBeUndefined();
  },
);

it('finds the interpreters of this machine, each version once and oldest first', async () => {
  const versions = (await findPythons()).map(({ version }) => version);
  expect(versions.length).toBeGreaterThan(0);
  expect(versions).toEqual([...new Set(versions)].sort((a, b) => Number(a.slice(2)) - Number(b.slice(2))));
  expect(versions).toContain((await requirePython()).version);
}, 60_000);
