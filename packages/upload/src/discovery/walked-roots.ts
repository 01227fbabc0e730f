import { isInside } from '../path-in-storage.js';

/** What may be done with a link to a folder. */
export type LinkVerdict = 'follow' | 'outside' | 'circle' | 'searched-anyway';

/**
 * The folders from which a walk goes down: the one that it began with, and those that links have led it to. No two of them
 * lie in each other, so that no folder is walked twice and no circle has a way in.
 */
export class WalkedRoots {
  private readonly storageFolder: string;
  private readonly roots: string[];

  /** Both paths are real ones, without links. */
  constructor(storageFolder: string, first: string) {
    this.storageFolder = storageFolder;
    this.roots = [first];
  }

  /** Judges a link by its target, and remembers that it is followed if it is. */
  judge(target: string): LinkVerdict {
    if (!isInside(this.storageFolder, target)) return 'outside';
    if (this.roots.some((root) => isInside(target, root))) return 'circle';
    if (this.roots.some((root) => isInside(root, target))) return 'searched-anyway';
    this.roots.push(target);
    return 'follow';
  }
}
