import { chmod, mkdir, rename, symlink } from 'node:fs/promises';
import { join } from 'node:path';

import type { FileSpecification } from '@synapse-steps/backend/api';
import { expect, it } from 'vitest';

import { temporaryFolder, type TemporaryFolder } from '../../test/temporary-folder.js';
import { withoutRights } from '../../test/without-rights.js';
import type { Discovery, DiscoveryRequest } from '../strategies.js';
import { DefaultFileDiscoveryStrategy } from './default-file-discovery-strategy.js';

const images: FileSpecification = { name: 'images', is_required: true, is_primary: true, extensions: ['jpg', 'png'] };
const labels: FileSpecification = { name: 'labels', is_required: false, extensions: ['txt'] };

async function discover(folder: TemporaryFolder, more: Partial<DiscoveryRequest> = {}): Promise<Discovery> {
  const specifications = more.specifications ?? [images, labels];
  const places = specifications.map(({ name }) => ({ spec: name, folder: join(folder.path, name), isRecursive: true }));
  const { signal } = new AbortController();
  const request = { places, specifications, storageFolder: folder.path, signal, ...more };
  return await new DefaultFileDiscoveryStrategy().discover(request);
}

/** Groups as `key: spec=path below the storage …`, and files left out as `code path`. */
function brief(folder: TemporaryFolder, { groups, leftOut }: Discovery): { groups: string[]; leftOut: string[] } {
  const short = (path: string): string => path.slice(folder.path.length + 1);
  return {
    groups: groups.map(({ key, files }) =>
      [`${key}:`, ...Object.entries(files).map(([spec, path]) => `${spec}=${short(path)}`)].join(' '),
    ),
    leftOut: leftOut.map(({ code, path }) => `${code} ${short(path)}`).toSorted(),
  };
}

it('puts files of one stem together, sorted by key, with what is known of their origin', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/b.jpg');
  await folder.write('images/day1/deep/a.tar.JPG');
  await folder.write('labels/a.tar.txt');
  const discovery = await discover(folder);
  expect(brief(folder, discovery)).toEqual({
    groups: ['a.tar: images=images/day1/deep/a.tar.JPG labels=labels/a.tar.txt', 'b: images=images/b.jpg'],
    leftOut: [],
  });
  expect(discovery.found).toEqual({ images: 2, labels: 1 });
  expect(discovery.groups[0]?.meta).toEqual({
    origin_file_stem: 'a.tar',
    origin_file_extension: '.jpg',
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/u) as string,
    data_unit_key: 'a.tar',
  });
});

it('looks into sub-folders only where it is told to', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  await folder.write('images/day1/b.jpg');
  const places = [{ spec: 'images', folder: join(folder.path, 'images'), isRecursive: false }];
  expect(brief(folder, await discover(folder, { places })).groups).toEqual(['a: images=images/a.jpg']);
});

it('makes separate groups of equal stems in different folders', async () => {
  await using folder = await temporaryFolder();
  for (const day of ['day1', 'day2']) {
    await folder.write(`images/${day}/a.jpg`);
    await folder.write(`labels/${day}/a.txt`);
  }
  await folder.write('images/a.jpg');
  expect(brief(folder, await discover(folder)).groups).toEqual([
    'a: images=images/a.jpg',
    'day1/a: images=images/day1/a.jpg labels=labels/day1/a.txt',
    'day2/a: images=images/day2/a.jpg labels=labels/day2/a.txt',
  ]);
});

it('guesses nothing: a file that could belong to two groups is reported, not given to one', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/day1/a.jpg');
  await folder.write('images/day2/a.jpg');
  await folder.write('labels/a.txt');
  expect(brief(folder, await discover(folder))).toEqual({
    groups: ['day1/a: images=images/day1/a.jpg', 'day2/a: images=images/day2/a.jpg'],
    leftOut: ['MISSING_REQUIRED_FILE labels/a.txt'],
  });
});

it('keeps the newer of two files of one stem in one folder, and reports the other', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg', '', 1000);
  await folder.write('images/a.png', '', 2000);
  await folder.write('images/b.jpg', '', 2000);
  await folder.write('images/b.png', '', 2000);
  const discovery = await discover(folder);
  expect(brief(folder, discovery)).toEqual({
    groups: ['a: images=images/a.png', 'b: images=images/b.jpg'],
    leftOut: ['DUPLICATE_STEM images/a.jpg', 'DUPLICATE_STEM images/b.png'],
  });
  expect(discovery.leftOut.map(({ detail }) => detail).toSorted()).toEqual([
    '"a.png" has the same name but for the extension, and is newer',
    '"b.jpg" has the same name but for the extension, and is as new',
  ]);
});

it('reports the files of a group without a required file, or keeps the group if it is told to', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  await folder.write('images/b.jpg');
  await folder.write('labels/a.txt');
  const specifications = [images, { ...labels, is_required: true }];
  const discovery = await discover(folder, { specifications });
  expect(brief(folder, discovery).groups).toEqual(['a: images=images/a.jpg labels=labels/a.txt']);
  expect(discovery.leftOut).toEqual([
    {
      code: 'MISSING_REQUIRED_FILE',
      path: join(folder.path, 'images/b.jpg'),
      spec: 'images',
      key: 'b',
      detail: 'its data unit has no file of "labels", which the collection requires',
    },
  ]);
  const kept = await discover(folder, { specifications, keepIncomplete: true });
  expect(kept.groups.map(({ key }) => key)).toEqual(['a', 'b']);
  expect(kept.leftOut).toEqual([]);
});

it('has no entry for a folder that is missing or is a file, and nought for one that is empty', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images');
  expect(await discover(folder)).toEqual({ groups: [], found: {}, leftOut: [] });
  await mkdir(join(folder.path, 'labels'));
  expect((await discover(folder)).found).toEqual({ labels: 0 });
});

it('passes over what systems leave behind', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  for (const name of ['.DS_Store', 'Thumbs.db', 'desktop.ini', '.gitkeep']) await folder.write(`images/x/${name}`);
  for (const name of ['@eaDir', '.@__thumb', '@Recycle', '#recycle', '.synology', '__pycache__', '.git']) {
    await folder.write(`images/${name}/deep/z.jpg`);
  }
  const discovery = await discover(folder);
  expect(brief(folder, discovery)).toEqual({ groups: ['a: images=images/a.jpg'], leftOut: [] });
});

it('follows links within the storage, once, and refuses those that lead out or round', async () => {
  await using outside = await temporaryFolder();
  await using folder = await temporaryFolder();
  await outside.write('secret/s.jpg');
  await folder.write('images/a.jpg');
  await folder.write('images/sub/b.jpg');
  await folder.write('more/c.jpg');
  const link = (target: string, name: string): Promise<void> => symlink(target, join(folder.path, 'images', name));
  await link('../more/c.jpg', 'file-link.jpg');
  await link('../more', 'folder-link');
  await link('../more', 'folder-link-again');
  await link('..', 'up');
  await link('.', 'here');
  await link('sub', 'sub-link');
  await link('self', 'self');
  await link('nowhere', 'broken.jpg');
  await link(join(outside.path, 'secret'), 'out');
  await link(join(outside.path, 'secret/s.jpg'), 'out.jpg');
  await symlink('../images', join(folder.path, 'more/back'));
  const found = brief(folder, await discover(folder, { specifications: [images] }));
  const followed = found.groups.find((group) => group.startsWith('c: '))?.includes('folder-link-again')
    ? ['folder-link-again', 'folder-link']
    : ['folder-link', 'folder-link-again'];
  expect(found).toEqual({
    groups: [
      'a: images=images/a.jpg',
      'b: images=images/sub/b.jpg',
      `c: images=images/${followed[0]}/c.jpg`,
      'file-link: images=images/file-link.jpg',
    ],
    leftOut: [
      'LINK_REFUSED images/here',
      'LINK_REFUSED images/out',
      'LINK_REFUSED images/out.jpg',
      'LINK_REFUSED images/self',
      'LINK_REFUSED images/sub-link',
      'LINK_REFUSED images/up',
      'NOT_READABLE images/broken.jpg',
      `LINK_REFUSED images/${followed[0]}/back`,
      `LINK_REFUSED images/${followed[1]}`,
    ].toSorted(),
  });
});

it('refuses a folder that leads out of the storage, by a link or by ..', async () => {
  await using outside = await temporaryFolder();
  await using folder = await temporaryFolder();
  await symlink(outside.path, join(folder.path, 'images'));
  await expect(discover(folder)).rejects.toMatchObject({ code: 'path_outside_storage' });
  const places = [{ spec: 'images', folder: `${folder.path}/../${outside.path.split('/').at(-1)}`, isRecursive: true }];
  await expect(discover(folder, { places })).rejects.toMatchObject({ code: 'path_outside_storage' });
});

it('reports a folder that may not be read, and goes on with the others', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  await folder.write('images/locked/b.jpg');
  await chmod(folder.path, 0o755);
  await chmod(join(folder.path, 'images/locked'), 0o000);
  const discovery = await withoutRights(() => discover(folder));
  await chmod(join(folder.path, 'images/locked'), 0o755);
  expect(brief(folder, discovery)).toEqual({
    groups: ['a: images=images/a.jpg'],
    leftOut: ['NOT_READABLE images/locked'],
  });
  expect(discovery.leftOut[0]?.detail).toBe('the folder cannot be read (EACCES)');
});

it('bears odd names, and names that differ in case only', async () => {
  await using folder = await temporaryFolder();
  const names = [
    'a b.jpg',
    'ä"\\\'$(x).jpg',
    'line\nbreak.jpg',
    '고양이.jpg',
    '😀.jpg',
    '-rf.jpg',
    '.hidden',
    'Case.jpg',
    'case.jpg',
    'dot..jpg',
  ];
  for (const name of names) await folder.write(`images/${name}`);
  const { groups, leftOut } = await discover(folder);
  const stems = ['a b', 'ä"\\\'$(x)', 'line\nbreak', '고양이', '😀', '-rf', '.hidden', 'Case', 'case', 'dot.'];
  expect(groups.map(({ key }) => key).toSorted()).toEqual(stems.toSorted());
  expect(leftOut).toEqual([]);
});

it.runIf(process.platform === 'linux')('reports a name that is no UTF-8, since nothing can open it', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  const odd = await folder.write('images/x.jpg');
  await rename(
    odd,
    Buffer.concat([Buffer.from(join(folder.path, 'images/')), Buffer.from([0xff, 0xfe]), Buffer.from('.jpg')]),
  );
  const { groups, leftOut } = await discover(folder);
  expect(groups.map(({ key }) => key)).toEqual(['a']);
  expect(leftOut).toMatchObject([{ code: 'NOT_READABLE', detail: 'its name is not UTF-8; rename it' }]);
});

it('divides a folder that specifications share by their extensions', async () => {
  await using folder = await temporaryFolder();
  for (const name of ['a.JPG', 'a.txt', 'b.jpg', 'b.gif'])
    await folder.write(`all/${name}`, '', name === 'b.gif' ? 1 : 9);
  const places = ['images', 'labels'].map((spec) => ({ spec, folder: join(folder.path, 'all'), isRecursive: true }));
  const discovery = await discover(folder, { places });
  expect(brief(folder, discovery).groups).toEqual([
    'a: images=all/a.JPG labels=all/a.txt',
    'b: images=all/b.jpg labels=all/b.gif',
  ]);
});

it('stops when it is told to', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(discover(folder, { signal })).rejects.toThrow('enough');
});
