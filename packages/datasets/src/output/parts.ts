import { randomUUID } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { isFileSystemError, orMissing } from '../pictures/file-system-error.js';

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
  const beside = (await orMissing(readdir(dirname(folder)), ['ENOENT', 'ENOTDIR'])) ?? [];
  const dead = beside.filter((name) => {
    const [, of, host, pid] = PART.exec(name) ?? [];
    return of === basename(folder) && host === HOST && !isAlive(Number(pid));
  });
  return dead.map((name) => join(dirname(folder), name));
}

/** Removes a data set's folder, and what a killed maker left of it. What is not there is removed already. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await removeDeadParts(folder);
}

/** `.<name>.<host>.<process>.<uuid>.part`, and `.old` after it while the whole folder is exchanged. */
const PART = /^\.(.+)\.([\w-]+)\.(\d+)\.[\w-]+\.part(?:\.old)?$/su;

/** Whether a folder is being made, or was by somebody who was killed. */
export function isPartName(name: string): boolean {
  return PART.test(name);
}

/**
 * Whether somebody still fills a part. Of the processes of another machine nobody knows: what has not changed for a day is
 * left by one that has ended.
 */
export function isBeingFilled(name: string, changed: Date): boolean {
  const [, , host, pid] = PART.exec(name) ?? [];
  if (pid === undefined) return false;
  return host === HOST ? isAlive(Number(pid)) : Date.now() - changed.getTime() < DAY_MS;
}

const DAY_MS = 24 * 60 * 60 * 1000;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isFileSystemError(error, 'ESRCH');
  }
}
