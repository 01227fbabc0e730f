import { join } from 'node:path';
import { findPythons } from '../../../scripts/bootstrap/find-pythons.mjs';
import { environmentIn } from '../../../scripts/bootstrap/python-environment.mjs';
import { cacheFolder } from './cache-folder.js';

export interface PythonPeer {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** The oldest CPython that it runs on, such as 3.12. */
  readonly requires: `3.${number}`;
  /** What it is installed with, each pinned: `package==1.0.0`. */
  readonly beside?: readonly string[];
}

/** The interpreter of a virtual environment that has the peer. @throws Error when there is no such Python, or pip fails. */
export async function pythonPeer(peer: PythonPeer, say: (what: string) => void): Promise<string> {
  const { name, version, requires, beside = [] } = peer;
  const minor = ({ version: found }: { version: string }): number => Number(found.split('.')[1]);
  const python = (await findPythons()).find((found) => minor(found) >= minor({ version: requires }));
  if (!python) throw new Error(`${name} needs CPython ${requires} or newer, and none was found`);
  const folder = join(cacheFolder, `${name}-${version}-python-${python.version}`);
  const onMake = () =>
    say(`installing ${name} ${version} into a virtual environment for comparison (once; it may be some 450 MB)`);
  const bin = await environmentIn(folder, { python, packages: [`${name}==${version}`, ...beside], onMake });
  return join(bin, process.platform === 'win32' ? 'python.exe' : 'python');
}
