import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { z } from 'zod';

import type { UnpackedFile } from './unpack-zip.js';

/** What a folder was when it was made: a file beside it. */
const listSchema = z.object({ files: z.array(z.object({ name: z.string(), size: z.number(), sha256: z.string() })) });

/**
 * A folder that is kept for the next run. It is taken again only when it holds what it held, to the byte: an unpacking that
 * was cut off, or a file that somebody changed, is found out. It is made under another name and appears when it is complete.
 *
 * @param make fills an empty folder, and says with what
 */
export async function unpackedFolder(folder: string, make: (folder: string) => Promise<UnpackedFile[]>): Promise<void> {
  if (await isAsMade(folder)) return;
  await mkdir(dirname(folder), { recursive: true });
  await removeDead(dirname(folder));
  const part = `${folder}.${randomUUID()}.part`;
  try {
    await mkdir(part);
    const files = await make(part);
    await replace(folder, part, JSON.stringify({ files }));
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

async function replace(folder: string, part: string, list: string): Promise<void> {
  const old = `${part}.old`;
  if (await isAsMade(folder)) return; // somebody else was faster, and may be reading it already
  try {
    await rename(folder, old).catch(ignoreMissing);
    await writeFile(`${part}.json`, list, { flag: 'wx' });
    await rename(part, folder);
    await rename(`${part}.json`, listOf(folder));
  } catch (error) {
    // Somebody else was faster, and has made the same.
    if (!(await isAsMade(folder))) throw error;
  } finally {
    await rm(old, { recursive: true, force: true });
    await rm(`${part}.json`, { force: true });
  }
}

const DEAD_AFTER_MS = 24 * 60 * 60 * 1000;

/** Archives and half of folders that somebody left here a day ago or more, whose process was killed. */
async function removeDead(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!/\.zip$|\.part(?:\.old|\.json)?$/.test(name)) continue;
    const path = join(folder, name);
    const { mtimeMs = Infinity } = (await lstat(path).catch(undefinedIfMissing)) ?? {};
    if (Date.now() - mtimeMs > DEAD_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}

/** Whether a folder holds what was unpacked into it, and nothing else. */
async function isAsMade(folder: string): Promise<boolean> {
  const list = listSchema.safeParse(await readFile(listOf(folder), 'utf8').then(JSON.parse).catch(undefinedIfMissing));
  if (!list.success) return false;
  const { files } = list.data;
  const found = await filesBelow(folder);
  if (found?.length !== files.length) return false;
  for (const file of files) if (!(await isTheSame(join(folder, file.name), file))) return false;
  return true;
}

async function isTheSame(path: string, { size, sha256 }: UnpackedFile): Promise<boolean> {
  const found = await lstat(path).catch(undefinedIfMissing);
  if (!found?.isFile() || found.size !== size) return false;
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex') === sha256;
}

async function filesBelow(folder: string): Promise<string[] | undefined> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(undefinedIfMissing);
  return entries?.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
}

function listOf(folder: string): string {
  return `${folder}.json`;
}

function ignoreMissing(error: unknown): void {
  undefinedIfMissing(error);
}

function undefinedIfMissing(error: unknown): undefined {
  const isMissing = error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
  if (isMissing || error instanceof SyntaxError) return undefined;
  throw error;
}
