import { join } from 'node:path';

import { expect, it } from 'vitest';

import { temporaryFolder } from '../../test/temporary-folder.js';
import { FlatFileDiscoveryStrategy } from './flat-file-discovery-strategy.js';

it('looks into no sub-folder, whatever the place says', async () => {
  await using folder = await temporaryFolder();
  await folder.write('images/a.jpg');
  await folder.write('images/day1/b.jpg');
  const { groups, found } = await new FlatFileDiscoveryStrategy().discover({
    places: [{ spec: 'images', folder: join(folder.path, 'images'), isRecursive: true }],
    specifications: [{ name: 'images', is_required: true }],
    storageFolder: folder.path,
    signal: new AbortController().signal,
  });
  expect(groups.map(({ key }) => key)).toEqual(['a']);
  expect(found).toEqual({ images: 1 });
});
