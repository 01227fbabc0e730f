import { rm } from 'node:fs/promises';

import { expect, it } from 'vitest';

import { temporaryFolder } from '../../test/temporary-folder.js';
import type { LeftOutFile } from '../file-group.js';
import { FileGrouping } from './group-files.js';

it('reports a file that vanished before it could be compared, whichever it is', async () => {
  await using folder = await temporaryFolder();
  const paths = [await folder.write('a.jpg'), await folder.write('a.png')];
  for (const gone of paths) {
    const leftOut: LeftOutFile[] = [];
    const grouping = new FileGrouping((file) => leftOut.push(file));
    await rm(gone);
    for (const path of paths) await grouping.add('images', { path, name: path.split('/').at(-1) ?? '', folder: '' });
    await folder.write(gone.split('/').at(-1) ?? '');
    expect([...grouping.groups()].flatMap(({ members }) => members.map(({ path }) => path))).toEqual(
      paths.filter((path) => path !== gone),
    );
    expect(leftOut).toMatchObject([{ code: 'NOT_READABLE', path: gone, detail: 'the file cannot be read (ENOENT)' }]);
  }
});
