import type { Dirent } from 'node:fs';
import { lstat, opendir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { LeftOutCode } from '../file-group.js';
import { isExcludedFile, isExcludedFolder } from './excluded-names.js';
import { isInside } from '../path-in-storage.js';
import { WalkedRoots } from './walked-roots.js';

export interface WalkOptions {
  readonly isRecursive: boolean;
  /** Real path; links that lead out of it are refused. */
  readonly storageFolder: string;
  /** Called for whatever is there and is not handed over. */
  readonly onLeftOut: (code: LeftOutCode, path: string, detail: string) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface WalkedFile {
  readonly path: string;
  readonly name: string;
  /** From the folder where the walk began, with `/`; empty for that folder itself. */
  readonly folder: string;
}

/** How many names are asked of the system at once. */
const BUFFER_SIZE = 512;

/**
 * The files below a folder, one by one: only the names of folders that are still to be walked are held. A folder that cannot
 * be read, a link that is refused and the like are told through `onLeftOut`, and the walk goes on.
 */
export async function* walkFolder(root: string, options: WalkOptions): AsyncGenerator<WalkedFile> {
  const walk = new Walk(await realpath(root), options);
  const waiting = [{ path: root, folder: '' }];
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    for await (const entry of walk.entriesOf(place.path)) {
      const path = join(place.path, entry.name);
      const kind = await walk.kindOf(path, entry);
      if (kind === 'file') yield { path, name: entry.name, folder: place.folder };
      if (kind === 'folder') {
        waiting.push({ path, folder: place.folder === '' ? entry.name : `${place.folder}/${entry.name}` });
      }
    }
  }
}

type Kind = 'file' | 'folder' | 'nothing';

class Walk {
  private readonly options: WalkOptions;
  private readonly roots: WalkedRoots;

  constructor(root: string, options: WalkOptions) {
    this.options = options;
    this.roots = new WalkedRoots(options.storageFolder, root);
  }

  async *entriesOf(folder: string): AsyncGenerator<Dirent> {
    this.options.signal?.throwIfAborted();
    try {
      for await (const entry of await opendir(folder, { bufferSize: BUFFER_SIZE })) {
        this.options.signal?.throwIfAborted();
        yield entry;
      }
    } catch (error) {
      this.options.signal?.throwIfAborted();
      this.leaveOut('NOT_READABLE', folder, `the folder cannot be read (${codeOf(error)})`);
    }
  }

  async kindOf(path: string, entry: Dirent): Promise<Kind> {
    if (isExcludedFile(entry.name)) return 'nothing';
    if (entry.isSymbolicLink()) return this.kindOfLink(path, entry.name);
    if (entry.name.includes('\uFFFD') && !(await isThere(path))) {
      return this.leaveOut('NOT_READABLE', path, 'its name is not UTF-8; rename it');
    }
    if (entry.isFile()) return 'file';
    if (entry.isDirectory()) return this.kindOfFolder(entry.name);
    return this.leaveOut('NOT_READABLE', path, 'it is neither a file nor a folder');
  }

  private kindOfFolder(name: string): Kind {
    return this.options.isRecursive && !isExcludedFolder(name) ? 'folder' : 'nothing';
  }

  private async kindOfLink(path: string, name: string): Promise<Kind> {
    try {
      const target = await realpath(path);
      if (!isInside(this.options.storageFolder, target)) return this.refuseLink(path, 'leads out of the storage');
      const found = await stat(target);
      if (found.isFile()) return 'file';
      if (!found.isDirectory())
        return this.leaveOut('NOT_READABLE', path, 'the link leads to neither a file nor a folder');
      return this.kindOfFolder(name) === 'folder' ? this.kindOfFolderLink(path, target) : 'nothing';
    } catch (error) {
      if (codeOf(error) === 'ELOOP') return this.refuseLink(path, 'leads round in a circle');
      return this.leaveOut('NOT_READABLE', path, `the link leads nowhere (${codeOf(error)})`);
    }
  }

  private kindOfFolderLink(path: string, target: string): Kind {
    const verdict = this.roots.judge(target);
    switch (verdict) {
      case 'follow':
        return 'folder';
      case 'outside':
        return this.refuseLink(path, 'leads out of the storage');
      case 'circle':
        return this.refuseLink(path, 'leads round in a circle');
      case 'searched-anyway':
        return this.refuseLink(path, 'leads to a folder that is searched anyway');
      default:
        return verdict satisfies never;
    }
  }

  private refuseLink(path: string, what: string): Kind {
    return this.leaveOut('LINK_REFUSED', path, `the link ${what}`);
  }

  private leaveOut(code: LeftOutCode, path: string, detail: string): Kind {
    this.options.onLeftOut(code, path, detail);
    return 'nothing';
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false; // the question is only whether this name can be used
  }
}

/** The system's word, such as `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'error';
}
