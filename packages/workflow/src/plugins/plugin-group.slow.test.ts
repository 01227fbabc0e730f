import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Orchestrator } from '@synapse-steps/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadWorkflow } from '../load-workflow.js';

const wire = fileURLToPath(new URL('../../../../test-fixtures/plugins/wire.mjs', import.meta.url));

/** What the plugins and modules here begin with: `meet` resolves once `count` of them have come to the same place. */
const MEET = `
import { existsSync, readdirSync, mkdirSync, watch, writeFileSync } from 'node:fs';
const meet = (place, me, count) => new Promise((resolve) => {
  mkdirSync(place, { recursive: true });
  const watcher = watch(place, look);
  function look() {
    if (readdirSync(place).length < count) return;
    watcher.close();
    resolve();
  }
  writeFileSync(place + '/' + me, '');
  look();
});
`;

/** A plugin whose step waits until as many of it run as its params say, and tells its process. */
const MEETING_PLUGIN = `${MEET}
import { plugin, result } from ${JSON.stringify(wire)};
plugin([{ name: 'first' }, { name: 'second' }, { name: 'third' }, { name: 'needs', env: ['NOT_GRANTED_HERE'] }], {
  execute: async ({ id, params: { step, step_params: { count } } }) => {
    await meet('meeting', step, count);
    result(id, { success: true, data: { pid: process.pid } });
  },
});
`;

async function loadProject(files: Readonly<Record<string, string>>) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'workflow-plugins-')));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const workflow = await loadWorkflow('flow.yaml', { workDir: folder });
  onTestFinished(() => workflow.close());
  return workflow;
}

async function processesOf(workflow: Awaited<ReturnType<typeof loadProject>>): Promise<Set<number>> {
  const report = await new Orchestrator(workflow.registry, workflow.context).execute();
  const pids = report.steps.flatMap(({ data }) => (data as { readonly pid?: number } | undefined)?.pid ?? []);
  return new Set(pids);
}

const plugin = (more: string): string => `plugins:\n  p: { command: [node, ./plugin.mjs]${more} }\nsteps:\n`;

describe('the processes of a plugin', () => {
  it.runIf(availableParallelism() > 1)(
    'are as many as its workers, so that steps in parallel run at once',
    async () => {
      const workflow = await loadProject({
        'flow.yaml': `${plugin(', workers: 2')}  - parallel:\n      - { uses: p/first, with: { count: 2 } }\n      - { uses: p/second, with: { count: 2 } }\n    name: both\n`,
        'plugin.mjs': MEETING_PLUGIN,
      });
      expect((await processesOf(workflow)).size).toBe(2);
    },
  );

  it.each([
    ['', 1],
    [', isolation: process', 2],
    [', idle: 30s, isolation: shared', 1],
  ])('with "%s" are %i for two steps', async (more, count) => {
    const workflow = await loadProject({
      'flow.yaml': `${plugin(more)}  - { uses: p/first, with: { count: 1 } }\n  - { uses: p/second, with: { count: 1 } }\n`,
      'plugin.mjs': MEETING_PLUGIN,
    });
    expect((await processesOf(workflow)).size).toBe(count);
  });

  it('start all at once, while the modules of the workflow are being loaded', async () => {
    const waits = `${MEET}await meet(new URL('start', import.meta.url).pathname, import.meta.url.replace(/.*[/]/, ''), 3);\n`;
    const meets = (name: string): string =>
      `${waits}const { plugin } = await import(${JSON.stringify(wire)});\nplugin([{ name: '${name}' }], {});\n`;
    const workflow = await loadProject({
      'flow.yaml':
        'plugins:\n  a: { command: [node, ./a.mjs] }\n  b: { command: [node, ./b.mjs] }\nsteps:\n  - uses: a/one\n  - uses: b/two\n  - uses: ./step.mjs\n',
      'a.mjs': meets('one'),
      'b.mjs': meets('two'),
      'step.mjs': `${waits}import { defineStep, StepResult } from '@synapse-steps/core';\nexport default defineStep({ name: 'three', progressWeight: 1, execute: () => StepResult.ok() });\n`,
    });
    expect(workflow.steps.map(({ step }) => step.name)).toEqual(['one', 'two', 'three']);
  });
});

it('a step that needs a variable which its plugin is not granted is refused, where the file names it', async () => {
  const loading = loadProject({ 'flow.yaml': `${plugin('')}  - uses: p/needs\n`, 'plugin.mjs': MEETING_PLUGIN });
  await expect(loading).rejects.toThrow(
    /^flow\.yaml:4:11: Step 'needs' of plugin 'p' needs 'NOT_GRANTED_HERE' in its environment, .* name it in the plugin's 'env'/,
  );
});

describe('a plugin that lacks a package', () => {
  it('is told of requirements, where the workflow file has none', async () => {
    const files = {
      'fit.py': 'import no_such_package.inner\n',
      'flow.yaml': 'plugins: { p: { python: fit.py } }\nsteps: [{ uses: p/fit }]\n',
    };
    await expect(loadProject(files)).rejects.toThrow(
      /ModuleNotFoundError: No module named 'no_such_package'[^]*\nIs 'no_such_package' a package\? .*'requirements: requirements\.txt'/,
    );
    const broken = { ...files, 'fit.py': 'raise ValueError("no")\n' };
    await expect(loadProject(broken)).rejects.toThrow(/^(?![^]*requirements)/);
  });
});
