import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as bridge from '@synapse-steps/bridge';
import { createJiti } from 'jiti';
import { expect, it, vi } from 'vitest';
import { PythonProject } from '../../test/python-packages.js';
import * as workflow from '../index.js';

it('the README shows a program that runs a plugin with its requirements', async () => {
  const project = await PythonProject.open();
  vi.stubEnv('XDG_CACHE_HOME', join(project.folder, 'caches'));
  await project.addWheel('alpha');
  await project.write('requirements.txt', 'alpha\n');
  await mkdir(join(project.folder, 'plugins'));
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  for (const [, text = ''] of readme.matchAll(/^```\w+\n([^]*?)^```$/gm)) {
    const name = /^(?:#|\/\/) (plugins\/maths\.py|with-requirements\.ts)\n/.exec(text)?.[1];
    if (name !== undefined) await project.write(name, `import alpha\n${text}`.slice(name.endsWith('.py') ? 0 : 13));
  }
  const lines: unknown[] = [];
  vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  const told: unknown[] = [];
  vi.spyOn(console, 'error').mockImplementation((line) => void told.push(line));
  vi.spyOn(process, 'cwd').mockReturnValue(project.folder);
  const loader = createJiti(`${project.folder}/`, {
    fsCache: false,
    virtualModules: { '@synapse-steps/bridge': bridge, '@synapse-steps/workflow': workflow },
  });
  await loader.import(join(project.folder, 'with-requirements.ts'));
  expect(lines).toEqual(['square']);
  expect(told).toContain('Installing collected packages: alpha');
});
