import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Bytes of all files in a folder, as they are long and not as a disk rounds them up. What begins with a dot at the top is
 * the installer's own and does not count.
 */
export async function folderSize(folder: string): Promise<number> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeOf(path: string): Promise<number> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) return stats.size;
  const sizes = await Promise.all((await readdir(path)).map((name) => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
