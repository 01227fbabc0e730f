// Peers are no dependencies of this workspace: each is installed when a benchmark first wants it, in a folder of its own.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { captureCommand } from '../../../scripts/bootstrap/run-command.mjs';
import { cacheFolder } from './cache-folder.js';

export interface NpmPeer {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** What of it is used; default: its main entry. */
  readonly modules?: readonly string[];
}

/** The address of a module that exports all that the peer's modules export. @throws Error when npm cannot install it. */
export async function npmPeer(peer: NpmPeer, say: (what: string) => void): Promise<string> {
  const folder = join(cacheFolder, `${peer.name.replace(/^@/, '').replace('/', '-')}-${peer.version}`);
  if (!existsSync(folder)) {
    say(`installing ${peer.name} ${peer.version} for comparison`);
    await install(peer, folder);
  }
  return pathToFileURL(join(folder, 'peer.mjs')).href;
}

/** Under another name first, so that what was only half installed is never taken for a peer. */
async function install({ name, version, modules = [name] }: NpmPeer, folder: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const unfinished = await mkdtemp(join(cacheFolder, 'unfinished-'));
  try {
    const manifest = { name: 'bench-peer', private: true, type: 'module', dependencies: { [name]: version } };
    await writeFile(join(unfinished, 'package.json'), JSON.stringify(manifest));
    await writeFile(join(unfinished, 'peer.mjs'), modules.map((module) => `export * from '${module}';\n`).join(''));
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    const { code, output } = await captureCommand('npm', ['install', ...flags], { cwd: unfinished });
    if (code !== 0) throw new Error(`npm could not install ${name} ${version}: ${output.trim().slice(0, 400)}`);
    await rename(unfinished, folder);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}
