import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { FileSpec } from '../cases/action-vector.js';

const FIXED_MTIME = 1_700_000_000;

export function contentOf({ text, base64, size, fill = 'x' }: FileSpec): Buffer {
  if (text !== undefined) return Buffer.from(text);
  if (base64 !== undefined) return Buffer.from(base64, 'base64');
  if (size === undefined) throw new Error('A file has one of text, base64 and size; this one has none.');
  return Buffer.alloc(size, fill);
}

/** Writes files below a folder; a name that ends in `/` is an empty folder. */
export async function writeTree(
  root: string,
  files: Readonly<Record<string, FileSpec>>,
  fillIn: (text: string) => string,
): Promise<void> {
  for (const [name, spec] of Object.entries(files)) {
    const path = join(root, name);
    if (name.endsWith('/')) {
      await mkdir(path, { recursive: true });
      continue;
    }
    await mkdir(dirname(path), { recursive: true });
    const content = contentOf(spec);
    await writeFile(path, spec.template === true ? fillIn(content.toString()) : content);
    const { mtime = FIXED_MTIME } = spec;
    await utimes(path, mtime, mtime);
  }
}

/** Everything below a folder: text where it is UTF-8, base64 where it is not. Nothing when there is no such folder. */
export async function readTree(root: string): Promise<Record<string, { text: string } | { base64: string } | object>> {
  if (!existsSync(root)) return {};
  const found: [string, object][] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(root, path);
    if (!entry.isDirectory()) found.push([name, asText(await readFile(path))]);
    else if ((await readdir(path)).length === 0) found.push([`${name}/`, {}]);
  }
  return Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function asText(content: Buffer): { text: string } | { base64: string } {
  const text = content.toString();
  return Buffer.from(text).equals(content) ? { text } : { base64: content.toString('base64') };
}
