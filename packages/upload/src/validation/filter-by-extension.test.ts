import { expect, it } from 'vitest';

import type { FileGroup } from '../file-group.js';
import { filterByExtension } from './filter-by-extension.js';

const specifications = [
  { name: 'images', is_required: true, file_type: 'image' },
  { name: 'labels', is_required: false, file_type: 'text' },
];
const group = (key: string, files: Record<string, string>): FileGroup => ({ key, files, meta: {} });

it('keeps what is allowed, in any case, with or without dot; types that are not named allow all', () => {
  const groups = [group('a', { images: '/a.JPG', labels: '/a.what' }), group('b', { images: '/b.png' })];
  const { kept, leftOut } = filterByExtension(groups, { specifications, allowed: { image: ['.jpg', 'PNG'] } });
  expect(kept).toEqual(groups);
  expect(leftOut).toEqual([]);
});

it('leaves a group out when it loses a required file, and tells of each of its files', () => {
  const groups = [group('a', { images: '/a.webp', labels: '/a.txt' })];
  expect(filterByExtension(groups, { specifications, allowed: { image: ['.jpg'] } })).toEqual({
    kept: [],
    leftOut: [
      {
        code: 'EXTENSION_NOT_ALLOWED',
        key: 'a',
        spec: 'images',
        path: '/a.webp',
        detail: 'the action does not allow the extension ".webp"',
      },
      {
        code: 'MISSING_REQUIRED_FILE',
        key: 'a',
        spec: 'labels',
        path: '/a.txt',
        detail: '"a.txt" belongs to a data unit whose required file has an extension that is not allowed',
      },
    ],
  });
});

it('leaves an optional file out and keeps the rest, unless nothing is left', () => {
  const groups = [group('a', { images: '/a.jpg', labels: '/a.md' }), group('b', { labels: '/b.md' })];
  const { kept, leftOut } = filterByExtension(groups, { specifications, allowed: { text: ['.txt'], image: ['.jpg'] } });
  expect(kept).toEqual([group('a', { images: '/a.jpg' })]);
  expect(leftOut.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'EXTENSION_NOT_ALLOWED /a.md',
    'EXTENSION_NOT_ALLOWED /b.md',
  ]);
});

it('allows nothing where the list of a type is empty', () => {
  const { kept } = filterByExtension([group('a', { images: '/a.jpg' })], { specifications, allowed: { image: [] } });
  expect(kept).toEqual([]);
});
