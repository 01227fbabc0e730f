// Our packages as users get them: packed, and installed by plain npm into an empty project outside of the workspace.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspacePackages } from '../../../scripts/bootstrap/repository.mjs';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import type { Tarballs } from '../../../scripts/verification/tarballs.mjs';

const scope = '@synapse-steps/';

export class PackedProject implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Installs a package, and the siblings that it needs: what is not published yet cannot be installed by name. */
  static async install(name: string, tarballs: Tarballs): Promise<PackedProject> {
    const project = new PackedProject(await mkdtemp(join(tmpdir(), 'synapse-steps-bench-')));
    try {
      await writeFile(join(project.folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
      const files = await Promise.all(withSiblings(name).map((sibling) => tarballs.of(sibling)));
      const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
      const { code, output } = await captureCommand('npm', ['install', ...flags, ...files], { cwd: project.folder });
      if (code !== 0) throw new Error(`npm could not install the packed ${name}: ${output.trim().slice(0, 400)}`);
      return project;
    } catch (error) {
      await project[Symbol.asyncDispose]();
      throw error;
    }
  }

  get modules(): string {
    return join(this.folder, 'node_modules');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

function withSiblings(name: string): readonly string[] {
  const found = workspacePackages().find(({ manifest }) => manifest.name === name);
  if (!found) throw new Error(`There is no package ${name} in this workspace.`);
  const siblings = Object.keys(found.manifest.dependencies ?? {}).filter((dependency) => dependency.startsWith(scope));
  return [...new Set([name, ...siblings.flatMap(withSiblings)])];
}
