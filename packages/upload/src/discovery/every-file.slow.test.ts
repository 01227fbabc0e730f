import { symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { temporaryFolder } from '../../test/temporary-folder.js';
import { DefaultFileDiscoveryStrategy } from './default-file-discovery-strategy.js';

const specs = ['images', 'labels', 'notes'];
const folderName = fc.constantFrom('', 'x', 'x/y', 'X', 'z');
const fileName = fc.constantFrom(
  'a.jpg',
  'a.png',
  'A.jpg',
  'b.jpg',
  'b.txt',
  'b',
  '.b',
  'a.b.txt',
  'Ä.jpg',
  'A\u0308.jpg',
);
const filePath = fc.tuple(fc.constantFrom(...specs), folderName, fileName).map((parts) => join(...parts));
const linkPath = fc
  .tuple(fc.constantFrom(...specs), folderName, fc.constantFrom('l', 'm', 'n'))
  .map((parts) => join(...parts));
const required = fc.subarray(specs);

it('has every file in one group or left out, once, whatever the tree; links add nothing twice', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(filePath, { maxLength: 25 }),
      fc.array(fc.tuple(linkPath, folderName), { maxLength: 4 }),
      required,
      async (...[files, links, needed]) => {
        await using folder = await temporaryFolder();
        const paths: string[] = [];
        for (const file of files) paths.push(await folder.write(file));
        for (const [link, target] of links)
          await linkIfFree(join(folder.path, link), join(folder.path, 'images', target));
        const discovery = await new DefaultFileDiscoveryStrategy().discover({
          places: specs.map((spec) => ({ spec, folder: join(folder.path, spec), isRecursive: true })),
          specifications: specs.map((name) => ({ name, is_required: needed.includes(name) })),
          storageFolder: folder.path,
          signal: new AbortController().signal,
        });
        const said = [
          ...discovery.groups.flatMap((group) => Object.values(group.files)),
          ...discovery.leftOut.map(({ path }) => path),
        ];
        expect(new Set(said).size).toBe(said.length);
        expect(paths.filter((path) => !said.includes(path))).toEqual([]);
        expect(new Set(discovery.groups.map(({ key }) => key)).size).toBe(discovery.groups.length);
        for (const group of discovery.groups) expect(Object.keys(group.files)).toEqual(expect.arrayContaining(needed));
      },
    ),
    { numRuns: 300 },
  );
});

/** A link where nothing is yet, and a folder to put it in. */
async function linkIfFree(path: string, target: string): Promise<void> {
  try {
    await symlink(relative(dirname(path), target), path);
  } catch (error) {
    if (!['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}
