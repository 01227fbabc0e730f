import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as core from '@synapse-steps/core';
import type { Jiti } from 'jiti';
import * as zod from 'zod';

/**
 * Loads the TypeScript and JavaScript files of a project as they are: no build, and no cache on disk, because whoever can
 * write into a cache decides what code runs. All files of one loader share their modules.
 */
export class ModuleLoader {
  readonly #folder: string;
  readonly #base: string;
  #jiti: Promise<Jiti> | undefined;

  /**
   * @param folder The project's directory; absolute.
   * @param base What paths are relative to, for messages.
   */
  constructor(folder: string, base = 'the workflow file') {
    this.#folder = folder;
    this.#base = base;
  }

  /**
   * The exports of a file.
   *
   * @param path Relative to the project's directory, or absolute.
   * @throws Error whose message, following the name of the file, says why it could not be loaded.
   */
  async load(path: string): Promise<Readonly<Record<string, unknown>>> {
    const file = resolve(this.#folder, path);
    const found = await stat(file).catch((error: unknown) => {
      throw new Error(`there is no such file; the path is relative to ${this.#base}`, { cause: error });
    });
    if (!found.isFile()) throw new Error('it is not a file');
    this.#jiti ??= createLoader(this.#folder);
    const jiti = await this.#jiti;
    try {
      return await jiti.import<Record<string, unknown>>(file);
    } catch (error) {
      throw new Error(loadProblem(error, this.#folder), { cause: error });
    }
  }
}

async function createLoader(folder: string): Promise<Jiti> {
  const { createJiti } = await import('jiti');
  // The project's own copies come first. A lone file beside no node_modules gets ours.
  const lent = Object.entries(LENT).filter(([name]) => !isInstalled(name, folder));
  const id = pathToFileURL(join(folder, 'workflow.yaml')).href;
  return createJiti(id, { ...JITI_OPTIONS, virtualModules: Object.fromEntries(lent) });
}

/** Looks where Node would look, but for NODE_PATH: what a wrapper script put there is not of the project. */
function isInstalled(name: string, folder: string): boolean {
  const parent = dirname(folder);
  return existsSync(join(folder, 'node_modules', name)) || (parent !== folder && isInstalled(name, parent));
}

const JITI_OPTIONS = { fsCache: false, interopDefault: false } as const;
const LENT = { '@synapse-steps/core': core, zod };

/** What went wrong, in which line of the project. A project's file may throw anything. */
function loadProblem(error: unknown, folder: string): string {
  if (!(error instanceof Error)) return `it threw ${String(error)}`;
  const [first = '', ...more] = error.message.split('\n').map((line) => line.trim());
  // The message of a syntax error ends with the place; the stack of the others begins with it.
  const place = placeIn(more.join('\n'), folder) ?? placeIn(error.stack ?? '', folder);
  const name = error.name === 'Error' ? '' : `${error.name}: `;
  return `${name}${first}${place === undefined ? '' : ` (at ${place})`}`;
}

function placeIn(text: string, folder: string): string | undefined {
  for (const [, found = '', position] of text.matchAll(/((?:file:\/\/)?\/[^\s()]+):(\d+:\d+)/g)) {
    const path = found.startsWith('file:') ? fileURLToPath(found) : found;
    const shown = relative(folder, path);
    if (!shown.startsWith('..') && !isAbsolute(shown) && !shown.includes('node_modules')) return `${shown}:${position}`;
  }
  return undefined;
}
