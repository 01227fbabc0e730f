import { expect, it } from 'vitest';

import type { FileGroup } from '../file-group.js';
import { DefaultValidationStrategy } from './default-validation-strategy.js';

const specifications = [
  { name: 'images', is_required: true, extensions: ['jpg', '.PNG'] },
  { name: 'labels', is_required: false, extensions: ['txt'] },
  { name: 'extra', is_required: false },
];
const group = (files: Record<string, string>): FileGroup => ({ key: 'k', files, meta: {} });
const validate = (groups: FileGroup[], signal = new AbortController().signal): readonly string[] =>
  new DefaultValidationStrategy().validate({ groups, specifications, signal });

it('has no word for groups that are what the collection wants', () => {
  expect(
    validate([group({ images: '/x/a.JPG', extra: '/x/a.what' }), group({ images: '/x/a.png', labels: '/x/a.txt' })]),
  ).toEqual([]);
});

it('finds all problems, in the order of the groups', () => {
  const groups = [
    group({ images: '/x/a.gif', labels: '/x/a' }),
    group({ images: '/x/b.jpg' }),
    group({ labels: '/x/c.CSV' }),
  ];
  expect(validate(groups)).toEqual([
    `File group 0: file "a.gif" has extension ".gif" but spec "images" expects ['jpg', '.PNG']`,
    `File group 0: file "a" has extension "" but spec "labels" expects ['txt']`,
    'File group 2: missing required file type "images"',
    `File group 2: file "c.CSV" has extension ".csv" but spec "labels" expects ['txt']`,
  ]);
});

it('stops when it is told to', () => {
  expect(() => validate([group({})], AbortSignal.abort(new Error('enough')))).toThrow('enough');
});
