import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CommandLine, type RunningCommand } from './command-line.js';

it('hands a file over from plugin to plugin, which is gone before they are ended, and leaves nothing', async () => {
  await using project = await Project.open();
  const { code, stderr } = await project.start(['read']).finished;
  expect([code, stderr]).toEqual([0, '']);
  expect(await project.file('read')).toBe('handed over');
  expect(await project.file('at-the-end')).toBe('[]'); // told by a plugin that was being closed, and so after the run
  expect(await project.left()).toEqual([]);
});

it('keeps it for the rollback of the run', async () => {
  await using project = await Project.open();
  const { code } = await project.start(['read', 'fail']).finished;
  expect(code).toBe(1);
  expect(await project.file('undone')).toBe('handed over');
  expect(await project.file('at-the-end')).toBe('[]');
  expect(await project.left()).toEqual([]);
});

it('is removed by the next run when its host was killed', async () => {
  await using project = await Project.open();
  const killed = project.start(['hang']);
  await project.appears('hangs');
  killed.signal('SIGKILL');
  await killed.finished;
  expect(await project.left()).toHaveLength(1);
  await project.start(['read']).finished;
  expect(await project.left()).toEqual([]);
});

/** Two plugins, the steps of one of which use the file that the other gives. */
class Project implements AsyncDisposable {
  readonly #commandLine: CommandLine;

  private constructor(commandLine: CommandLine) {
    this.#commandLine = commandLine;
  }

  static async open(): Promise<Project> {
    const commandLine = await CommandLine.open();
    await commandLine.write('giver.py', GIVER);
    await commandLine.write('taker.py', TAKER);
    await mkdir(join(commandLine.folder, 'exchange'));
    for (const steps of [['read'], ['read', 'fail'], ['hang']]) {
      const uses = ['giver/give', ...steps.map((step) => `taker/${step}`)].map((name) => `  - uses: ${name}\n`);
      const plugins = 'plugins: { giver: { python: giver.py }, taker: { python: taker.py } }\n';
      await commandLine.write(`${steps.join('-')}.yaml`, `${plugins}steps:\n${uses.join('')}`);
    }
    return new Project(commandLine);
  }

  start(steps: readonly string[]): RunningCommand {
    const env = { SYNAPSE_STEPS_EXCHANGE_DIR: join(this.#commandLine.folder, 'exchange') };
    return this.#commandLine.start(['run', `${steps.join('-')}.yaml`], { env });
  }

  async appears(name: string): Promise<void> {
    await this.#commandLine.appears(name);
  }

  async file(name: string): Promise<string> {
    return await readFile(join(this.#commandLine.folder, name), 'utf8');
  }

  /** The exchange folders of hosts. */
  async left(): Promise<string[]> {
    const parents = await readdir(join(this.#commandLine.folder, 'exchange'));
    const hosts = parents.map(async (name) => await readdir(join(this.#commandLine.folder, 'exchange', name)));
    return (await Promise.all(hosts)).flat();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commandLine[Symbol.asyncDispose]();
  }
}

const GIVER = `import atexit
import os
from pathlib import Path

from synapse_steps import BaseStep, StepResult


class GiveStep(BaseStep):
    name = "give"
    progress_weight = 1

    def execute(self, context):
        context.file = context.write_file(b"handed over")
        with context.open_file(context.file) as file:
            runs = Path(file.name).parent.parent
        atexit.register(lambda: Path("at-the-end").write_text(str(os.listdir(runs))))
        return StepResult()
`;

const TAKER = `import threading
from pathlib import Path

from synapse_steps import BaseStep, StepResult


def copy(context, name):
    with context.open_file(context.file) as file:
        Path(name).write_bytes(file.read())


class ReadStep(BaseStep):
    name = "read"
    progress_weight = 1

    def execute(self, context):
        copy(context, "read")
        return StepResult()

    def rollback(self, context, result):
        copy(context, "undone")


class FailStep(BaseStep):
    name = "fail"
    progress_weight = 1

    def execute(self, context):
        return StepResult(success=False, error="it fails")


class HangStep(BaseStep):
    name = "hang"
    progress_weight = 1

    def execute(self, context):
        Path("hangs").touch()
        while not context.cancelled:
            threading.Event().wait(0.01)
        return StepResult(success=False, error="stopped")
`;
