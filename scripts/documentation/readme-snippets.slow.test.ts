import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

import { readSnippets, type Program } from './read-snippets.js';

const repository = resolve(import.meta.dirname, '../..');
const sources = ['--conditions=@synapse-steps/source', '--import', import.meta.resolve('tsx')];

// What the snippets of a README find in their folder, beside what the README itself shows.
const PAGES = {
  'README.md': { 'a.txt': 'a', 'b.txt': 'b', 'poem.txt': 'the rose is red\nthe violet is blue\n' },
  'packages/backend/README.md': {
    'cat.jpg': 'meow',
    'pictures.yaml':
      'data_collections: [{ name: pictures, file_specifications: [{ name: image, is_required: true, extensions: [jpg] }] }]',
  },
  'packages/backend-local/README.md': {},
  'packages/bridge/README.md': {},
  'packages/core/README.md': {},
  'packages/datasets/README.md': {},
  'packages/train/README.md': {},
  'packages/train/docs/while-it-trains.md': {},
  'packages/upload/README.md': {
    'notes/meta.csv': 'filename,label\na.txt,cat\nb,dog\n',
    'notes/note/a.txt': 'It purrs.',
    'notes/note/b.txt': 'It barks.',
    'notes/note/c.txt': 'It says nothing.',
  },
};

describe.each(Object.entries(PAGES))('%s', (page, files) => {
  it('shows programs that run and print what it says', { timeout: 60_000 }, async () => {
    const { files: shown, programs } = readSnippets(await readFile(join(repository, page), 'utf8'));
    const folder = await projectWith({ 'package.json': '{"type":"module"}', ...files, ...shown });
    for (const program of programs) {
      const { stdout } = await run(program, folder);
      if (program.output !== undefined) expect(stdout).toBe(program.output);
    }
    expect(programs.length).toBeGreaterThan(0);
  });
});

it('shows each task of an author of trainers in 15 lines at most', async () => {
  const { files } = readSnippets(await readFile(join(repository, 'packages/train/README.md'), 'utf8'));
  const tasks = Object.entries(files).filter(([name]) => name.startsWith('tasks/'));
  const lengths = tasks.map(([name, text]) => [name, text.trimEnd().split('\n').length] as const);
  expect(lengths.length).toBeGreaterThanOrEqual(4);
  expect(lengths.filter(([, lines]) => lines > 15)).toEqual([]);
});

async function projectWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'readme-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  await mkdir(join(folder, 'node_modules/@synapse-steps'), { recursive: true });
  for (const name of ['core', 'backend', 'backend-local', 'bridge', 'datasets', 'train', 'upload', 'workflow', 'cli']) {
    await symlink(join(repository, 'packages', name), join(folder, 'node_modules/@synapse-steps', name));
  }
  // A project that writes schemas has zod itself.
  await symlink(join(repository, 'packages/core/node_modules/zod'), join(folder, 'node_modules/zod'));
  return folder;
}

async function run({ command, script }: Program, folder: string): Promise<{ stdout: string }> {
  if (script !== undefined) return promisify(execFile)('sh', ['-ec', script], { cwd: folder, timeout: 30_000 });
  const [name, ...args] = command.split(' ');
  const program = name === 'synapse-steps' ? [join(repository, 'packages/cli/src/main.ts')] : [];
  return promisify(execFile)(process.execPath, [...sources, ...program, ...args], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: join(folder, 'cache') },
    timeout: 30_000,
  });
}
