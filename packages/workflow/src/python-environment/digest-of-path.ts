import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A digest of a package that lies on this machine: a wheel or archive by its bytes, a source folder by the names and bytes
 * of its files. Undefined when there is nothing.
 *
 * @throws Error when a folder holds more files than anybody's sources do.
 */
export async function digestOfPath(path: string): Promise<string | undefined> {
  const entry = await stat(path).catch(() => undefined); // the installer tells best what is wrong with a missing one
  if (entry === undefined) return undefined;
  const hash = createHash('sha256');
  const files = entry.isDirectory() ? await sourcesIn(path) : [''];
  for (const file of files) {
    hash.update(`${Buffer.byteLength(file)} ${file}\n`);
    await addBytes(hash, file === '' ? path : join(path, file));
  }
  return hash.digest('hex');
}

async function addBytes(hash: Hash, file: string): Promise<void> {
  const content = createHash('sha256');
  for await (const chunk of createReadStream(file)) content.update(chunk as Buffer);
  hash.update(content.digest());
}

/** In an order that is always the same, without what tools leave in a source folder. */
async function sourcesIn(folder: string, prefix = '', found: string[] = []): Promise<string[]> {
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const name = join(prefix, entry.name);
    if (entry.isDirectory() && !isMadeByTools(entry.name)) await sourcesIn(folder, name, found);
    else if (entry.isFile()) found.push(name);
    if (found.length > MAX_FILES) {
      throw new Error(`it holds more than ${MAX_FILES} files; build a wheel of it and name that`);
    }
  }
  return found;
}

const MAX_FILES = 10_000;

function isMadeByTools(name: string): boolean {
  return name.startsWith('.') || MADE_BY_TOOLS.has(name) || name.endsWith('.egg-info');
}

const MADE_BY_TOOLS: ReadonlySet<string> = new Set(['__pycache__', 'node_modules', 'build', 'dist', 'venv']);
