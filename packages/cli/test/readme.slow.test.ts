import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandLine } from './command-line.js';

interface Block {
  readonly language: string;
  readonly text: string;
}

async function blocksOf(readme: string): Promise<Block[]> {
  const text = await readFile(new URL(readme, import.meta.url), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', block = '']) => ({
    language,
    text: block,
  }));
}

/** Writes the blocks that begin with the name of a file, as in `# workflow.yaml`. */
async function writeFiles(commandLine: CommandLine, blocks: readonly Block[]): Promise<void> {
  for (const { text } of blocks) {
    const name = /^(?:#|\/\/) ([\w./-]+\.\w+)\n/.exec(text)?.[1];
    if (name === undefined) continue;
    await mkdir(dirname(join(commandLine.folder, name)), { recursive: true });
    await commandLine.write(name, text);
  }
}

function commandsOf(blocks: readonly Block[]): string[][] {
  const lines = blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n'));
  return lines.filter((line) => line.startsWith('npx synapse-steps ')).map((line) => line.split(' ').slice(2));
}

function withoutTimes(text: string): string {
  return text.replaceAll(/ +\d+(?:\.\d+)? m?s\b/g, ' T').replaceAll(/run [0-9a-f-]{36}/g, 'run ID');
}

it('shows commands that work, and what they really print', async () => {
  await using commandLine = await CommandLine.open();
  const blocks = await blocksOf('../README.md');
  await writeFiles(commandLine, blocks);
  const commands = commandsOf(blocks);
  expect(commands).toHaveLength(6);
  const results = [];
  for (const command of commands) results.push(await commandLine.run(command));
  expect(results.map(({ code }) => code)).toEqual([0, 0, 1, 0, 0, 0]);
  const shown = blocks.find(({ language }) => language === 'text')?.text ?? '';
  expect(withoutTimes(results[2]?.stdout ?? '')).toBe(withoutTimes(shown));
});

it('shows, in the README of the workflow package, a workflow file that runs', async () => {
  await using commandLine = await CommandLine.open();
  await writeFiles(commandLine, await blocksOf('../../workflow/README.md'));
  const { code, stdout, stderr } = await commandLine.run(['run', 'workflow.yaml']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/to-the-power: done in .* \(sum 30\)/);
});
