import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import * as core from '@synapse-steps/core';
import { createJiti } from 'jiti';
import { expect, it, vi } from 'vitest';
import * as workflow from './index.js';

it('shows a program that runs the workflow file it shows', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'workflow-readme-'));
  const lines: unknown[][] = [];
  vi.spyOn(console, 'log').mockImplementation((...line) => void lines.push(line));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  try {
    await writeBlocks(folder);
    const loader = createJiti(`${folder}/`, {
      fsCache: false,
      virtualModules: { '@synapse-steps/core': core, '@synapse-steps/workflow': workflow },
    });
    await loader.import(join(folder, 'run.ts'));
  } finally {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true });
  }
  expect(lines[0]).toEqual(['25 %']);
  expect(lines.at(-1)).toEqual(['succeeded', { sum: 55 }]);
});

async function writeBlocks(folder: string): Promise<void> {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  for (const [, text = ''] of readme.matchAll(/^```\w+\n([^]*?)^```$/gm)) {
    const name = /^(?:#|\/\/) ([\w./-]+\.\w+)\n/.exec(text)?.[1];
    if (name === undefined) continue;
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
