import { expect, it } from 'vitest';

import type { FileGroup } from '../file-group.js';
import { matchMetadata } from './match-metadata.js';

const groupOf = (...files: string[]): FileGroup => {
  const name = files[0]?.split('/').at(-1) ?? '';
  const stem = name.slice(0, name.lastIndexOf('.'));
  return {
    key: `x/${stem}`,
    files: Object.fromEntries(files.map((file, n) => [`s${n}`, file])),
    meta: { origin_file_stem: stem },
  };
};
const row = { label: 'cat' };

it.each([
  ['its stem', 'a', ['/set/a.jpg']],
  ['its file name', 'a.jpg', ['/set/a.jpg']],
  ['the name of any of its files', 'a.txt', ['/set/a.jpg', '/set/a.txt']],
  ['the stem that it came from', 'a', ['/set/a_0001.jpg']],
  ['the file that it came from', 'a.jpg', ['/set/a_0001.jpg']],
  ['the film that it came from', 'a.mp4', ['/set/a_0001.jpg']],
  ['a stem with digits of its own', 'a_1', ['/set/a_1_0001.jpg']],
  ['a decomposed name', 'é.jpg', ['/set/e\u0301.jpg']],
])('finds the row by %s', (_, name, files) => {
  expect(matchMetadata({ [name]: row }, groupOf(...files))).toBe(row);
});

it.each([
  ['a folder of its path', 'images', '/set/images/a.jpg'],
  ['a part of its name', 'b', '/set/bbb.jpg'],
  ['a name that contains its own', 'xa.jpg', '/set/a.jpg'],
  ['another case', 'A.jpg', '/set/a.jpg'],
  ['another extension', 'a.png', '/set/a.jpg'],
  ['a property that every object has', 'x', '/set/constructor.jpg'],
])('finds no row by %s', (_, name, file) => {
  expect(matchMetadata({ [name]: row }, groupOf(file))).toBeUndefined();
});

it('prefers its own row to that of its origin, and takes none of two origins', () => {
  const own = { label: 'own' };
  expect(matchMetadata({ a: row, a_0001: own }, groupOf('/set/a_0001.jpg'))).toBe(own);
  expect(matchMetadata({ 'a.mp4': row, 'a.avi': own }, groupOf('/set/a_0001.jpg'))).toBeUndefined();
});
