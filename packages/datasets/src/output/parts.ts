import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { isFileSystemError } from '../pictures/file-system-error.js';

// A folder that is being made has a part beside it, `.<name>.<host>.<process>.<uuid>.part`: its name says who makes it, so
// that one whose maker was killed can be told from one that is still being filled.

const HOST = hostname().replace(/[^\w-]/gu, '-');

/** Where a folder is filled before it gets its name. */
export function partOf(folder: string): string {
  return join(dirname(folder), `.${basename(folder)}.${HOST}.${process.pid}.${randomUUID()}.part`);
}

/** Removes the parts of a folder that nobody fills any more. */
export async function removeDeadParts(folder: string): Promise<void> {
  for (const part of await deadPartsOf(folder)) await rm(part, { recursive: true, force: true });
}

/** The parts of a folder that nobody fills any more. */
export async function deadPartsOf(folder: string): Promise<string[]> {
  const dead: string[] = [];
  const start = `.${basename(folder)}.${HOST}.`;
  for (const name of await namesIn(dirname(folder))) {
    const pid = name.startsWith(start)
      ? /^(\d+)\.[\w-]+\.part(\.old)?$/u.exec(name.slice(start.length))?.[1]
      : undefined;
    if (pid === undefined || isAlive(Number(pid))) continue;
    dead.push(join(dirname(folder), name));
  }
  return dead;
}

/** Removes a data set's folder, and what a killed maker left of it. What is not there is removed already. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await removeDeadParts(folder);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isFileSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isFileSystemError(error, 'ESRCH');
  }
}
