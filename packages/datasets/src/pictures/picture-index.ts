import { readdir } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { LeaveOut } from '../model/left-out.js';
import { compareCodePoints } from './compare-code-points.js';
import { orMissing } from './file-system-error.js';

/** What a picture's file is called at its end. The first one wins where two pictures differ in nothing else. */
const EXTENSIONS: readonly string[] = ['.jpg', '.jpeg', '.png', '.bmp', '.webp', '.gif', '.tif', '.tiff'];

export interface PicturesInOptions {
  /** Told of a second picture of the same name. */
  readonly leaveOut: LeaveOut;
  /** Before names in what `leaveOut` is told: the split. */
  readonly label?: string | undefined;
}

/**
 * The pictures in `folder` and its folders: from names (`one`, `street/two`) to files below `folder`, sorted by code point.
 * Of two that differ in their extension alone one is taken. Only names are held in memory.
 *
 * @throws what the file system throws; a folder that is not there has no pictures
 */
export async function picturesIn(folder: string, options: PicturesInOptions): Promise<ReadonlyMap<string, string>> {
  const files = (await filesIn(folder)).filter(isPictureFile);
  files.sort((a, b) => rank(a) - rank(b) || compareCodePoints(a, b));
  const found = new Map<string, string>();
  for (const file of files) {
    const name = pictureName(file);
    const taken = found.get(name);
    if (taken === undefined) {
      found.set(name, file);
      continue;
    }
    const picture = options.label === undefined ? file : `${options.label}/${file}`;
    const reason = `${join(folder, file)} has the same name as ${taken}, which is taken; give one of them another name.`;
    options.leaveOut({ code: 'picture_duplicate', picture, reason });
  }
  return new Map([...found].sort(([a], [b]) => compareCodePoints(a, b)));
}

/** Files in `folder` and its folders, by their paths below it with `/`; links to folders are not followed. */
export async function filesIn(folder: string): Promise<string[]> {
  const listed = readdir(folder, { withFileTypes: true, recursive: true });
  const entries = (await orMissing(listed, ['ENOENT', 'ENOTDIR'])) ?? [];
  const files = entries.filter((entry) => entry.isFile() || entry.isSymbolicLink());
  return files.map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}

/** Whether a file is a picture by its name. */
export function isPictureFile(file: string): boolean {
  return rank(file) >= 0 && !file.slice(file.lastIndexOf('/') + 1).startsWith('.');
}

/** A picture's name: its file's without the extension. */
export function pictureName(file: string): string {
  return file.slice(0, file.length - extname(file).length);
}

function rank(file: string): number {
  return EXTENSIONS.indexOf(extname(file).toLowerCase());
}
