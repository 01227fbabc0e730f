import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface DigestOfPathOptions {
  /** Its code is used where it lies: then only what decides how it is installed counts. */
  readonly isEditable?: boolean;
}

/**
 * A digest of a package that lies on this machine: a wheel or archive by its bytes, a source folder by the names and bytes
 * of its files. Of an editable folder the names of its Python files count, and the bytes of those that say how it is built
 * or are compiled: what else changes in it, or is written there by a run, is in effect without being installed again.
 * Undefined when there is nothing.
 *
 * @throws Error when a folder holds more files than anybody's sources do.
 */
export async function digestOfPath(path: string, options: DigestOfPathOptions = {}): Promise<string | undefined> {
  const entry = await stat(path).catch(() => undefined); // the installer tells best what is wrong with a missing one
  if (entry === undefined) return undefined;
  const hash = createHash('sha256');
  if (entry.isFile()) await addBytes(hash, '', path);
  if (!entry.isDirectory()) return hash.digest('hex'); // a pipe is nothing that can be installed
  for (const file of await new SourceFolder(path, options.isEditable ?? false).files()) {
    if (options.isEditable && !isBuiltFrom(file)) addName(hash, file);
    else await addBytes(hash, file, join(path, file));
  }
  return hash.digest('hex');
}

function addName(hash: Hash, name: string): void {
  hash.update(`${Buffer.byteLength(name)} ${name}\n`);
}

async function addBytes(hash: Hash, name: string, file: string): Promise<void> {
  addName(hash, name);
  const content = createHash('sha256');
  for await (const chunk of createReadStream(file)) content.update(chunk as Buffer);
  hash.update(content.digest());
}

/** Finds the sources of a package, in an order that is always the same, without what tools leave among them. */
class SourceFolder {
  readonly #root: string;
  readonly #isEditable: boolean;
  readonly #found: string[] = [];
  /** Links may lead in circles. */
  readonly #seen = new Set<string>();

  constructor(root: string, isEditable: boolean) {
    this.#root = root;
    this.#isEditable = isEditable;
  }

  async files(): Promise<readonly string[]> {
    await this.#look('');
    return this.#found;
  }

  async #look(folder: string): Promise<void> {
    const place = await realpath(join(this.#root, folder));
    if (this.#seen.has(place)) return;
    this.#seen.add(place);
    const names = await readdir(place);
    for (const name of names.toSorted((one, other) => (one < other ? -1 : 1))) {
      if (!isMadeByTools(name, folder === '')) await this.#add(join(folder, name));
    }
  }

  async #add(path: string): Promise<void> {
    const entry = await stat(join(this.#root, path)).catch(() => undefined); // a link that leads nowhere
    if (entry?.isDirectory()) await this.#look(path);
    else if (entry?.isFile() && (!this.#isEditable || path.endsWith('.py') || isBuiltFrom(path)))
      this.#found.push(path);
    if (this.#found.length > MAX_FILES) {
      throw new Error(`it holds more than ${MAX_FILES} files; build a wheel of it and name that`);
    }
  }
}

const MAX_FILES = 10_000;

/** Whether the bytes of a file are part of what an editable install makes. */
function isBuiltFrom(path: string): boolean {
  return BUILT_FROM.test(path);
}

const BUILT_FROM =
  /(?:^|\/)(?:pyproject\.toml|setup\.py|setup\.cfg|MANIFEST\.in|CMakeLists\.txt|meson\.build|Cargo\.(?:toml|lock)|requirements[^/]*\.txt)$|\.(?:c|cc|cpp|cxx|cu|h|hpp|pyx|pxd|rs|f|f90)$/;

function isMadeByTools(name: string, isAtTop: boolean): boolean {
  if (name.startsWith('.') || name.endsWith('.egg-info') || MADE_ANYWHERE.has(name)) return true;
  return isAtTop && MADE_AT_TOP.has(name); // further down these are packages of the same name
}

const MADE_ANYWHERE: ReadonlySet<string> = new Set(['__pycache__', 'node_modules']);
const MADE_AT_TOP: ReadonlySet<string> = new Set(['build', 'dist', 'venv']);
