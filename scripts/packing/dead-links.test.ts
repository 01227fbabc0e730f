import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { root, workspacePackages } from '../bootstrap/repository.mjs';
import { deadLinks } from './dead-links.mjs';

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dead-links-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

it('finds the links of a README and of the pages behind it that lead to no file, and to no heading', async () => {
  const folder = await folderWith({
    'train/README.md':
      '# Train\n[a](docs/a.md) [b](./docs/b.md#steps) [local](../local) [gone](../gone) [x](#train) [again](../gone)',
    'train/docs/a.md': '[home](../README.md#nothing-of-it)\n[tests](../test/a.test.ts) ![x](x.svg)',
    'local/README.md': '# Local',
  });
  expect(deadLinks(join(folder, 'train'))).toEqual([
    'README.md: ./docs/b.md#steps',
    'README.md: ../gone',
    'docs/a.md: ../README.md#nothing-of-it',
    'docs/a.md: ../test/a.test.ts',
    'docs/a.md: x.svg',
  ]);
});

it('has nothing against addresses, links to headings, and what stands in code', async () => {
  const folder = await folderWith({
    'a/README.md': [
      '# One: `two`, and Three',
      '[web](https://example.org/x) [mail](mailto:a@example.org) [here](#one-two-and-three)',
      '```ts\nconst x = y[0](missing.md);\n```',
      'and `[0](missing.md)`',
    ].join('\n'),
  });
  expect(deadLinks(join(folder, 'a'))).toEqual([]);
});

// What is packed is looked at by `npm run verify`, in the packages that it installs.
it('finds none in the pages of this repository', () => {
  const directories = workspacePackages().map(({ directory }) => directory);
  const withReadme = directories.filter((directory) => existsSync(join(directory, 'README.md')));
  expect(withReadme.length).toBeGreaterThanOrEqual(10);
  expect([root, ...withReadme].flatMap((directory) => deadLinks(directory))).toEqual([]);
});
