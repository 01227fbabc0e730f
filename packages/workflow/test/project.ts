import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Orchestrator } from '@synapse-steps/core';
import { loadWorkflow, type LoadWorkflowOptions } from '../src/load-workflow.js';

/** A project in a folder of its own. */
export class Project implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async with(files: Readonly<Record<string, string>>): Promise<Project> {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'workflow-project-')));
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return new Project(folder);
  }

  async load(options: LoadWorkflowOptions = {}): ReturnType<typeof loadWorkflow> {
    return await loadWorkflow('flow.yaml', { workDir: this.folder, ...options });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true });
  }
}

/** The data of each step, in order. */
export async function runAll(workflow: Awaited<ReturnType<typeof loadWorkflow>>): Promise<unknown[]> {
  const report = await new Orchestrator(workflow.registry, workflow.context).execute();
  return report.steps.map(({ data }) => data);
}
