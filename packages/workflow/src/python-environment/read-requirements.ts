import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { digestOfPath } from './digest-of-path.js';
import { PythonEnvironmentError } from './python-environment-error.js';
import { parseRequirementLine, requirementLines, type RequirementReference } from './requirement-lines.js';

/** A requirements file with all that it leads to. */
export interface Requirements {
  /** One digest of every file's text, and of the wheels, archives and source folders on this machine that they name. */
  readonly digest: string;
  /** Names of variables of which installers put in the values, as in `https://${TOKEN}@index/simple`. */
  readonly variables: readonly string[];
}

/**
 * Reads a requirements file and what it includes (`-r`, `-c`), so that a change of any of them is noticed.
 *
 * @param file Absolute.
 * @throws PythonEnvironmentError when one of them cannot be read.
 */
export async function readRequirements(file: string): Promise<Requirements> {
  const reader = new RequirementsReader(dirname(file));
  await reader.read({ file });
  return { digest: reader.digest(), variables: reader.variables() };
}

interface Include {
  readonly file: string;
  readonly from?: { readonly file: string; readonly line: number };
}

type PathReference = Extract<RequirementReference, { readonly kind: 'path' }>;

class RequirementsReader {
  readonly #hash = createHash('sha256');
  readonly #seen = new Set<string>();
  readonly #variables = new Set<string>();
  /** Where the installer will run, which paths of packages are relative to. */
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  variables(): readonly string[] {
    return [...this.#variables];
  }

  async read(include: Include): Promise<void> {
    const { file } = include;
    if (this.#seen.has(file)) return; // a circle is the installer's to judge
    this.#seen.add(file);
    if (this.#seen.size > MAX_FILES) throw unreadable(include, `more than ${MAX_FILES} files are included`);
    const text = await readText(include);
    this.#add('text', text);
    for (const [index, line] of requirementLines(text).entries()) {
      for (const [, name = ''] of line.text.matchAll(/\$\{([A-Z0-9_]+)\}/g)) this.#variables.add(name);
      const found = parseRequirementLine(withValues(line.text));
      const from = { file, line: line.number };
      // order is part of what is hashed, so one after the other
      if (found?.kind === 'include') await this.read({ file: resolve(dirname(file), found.path), from });
      if (found?.kind === 'path') await this.#addPath(found, from, index);
    }
  }

  async #addPath({ path, isEditable }: PathReference, from: Include['from'], index: number): Promise<void> {
    const absolute = resolve(this.#folder, path);
    // two copies of the same project must not share an environment that runs the code of one of them
    if (isEditable) this.#add('editable', absolute);
    try {
      this.#add(`path ${index}`, (await digestOfPath(absolute, { isEditable })) ?? 'none');
    } catch (cause) {
      throw unreadable({ file: absolute, ...(from && { from }) }, errorMessage(cause), cause);
    }
  }

  /** With its length, so that no two lists of texts are the same bytes. */
  #add(kind: string, text: string): void {
    this.#hash.update(`${kind} ${Buffer.byteLength(text)}\n`).update(text);
  }
}

/** As installers do it: a variable that is not set stays as it stands there. */
function withValues(text: string): string {
  return text.replaceAll(/\$\{([A-Z0-9_]+)\}/g, (whole, name: string) => process.env[name] || whole);
}

const MAX_FILES = 100;
const MAX_BYTES = 1024 * 1024;

async function readText(include: Include): Promise<string> {
  try {
    const entry = await stat(include.file);
    if (!entry.isFile() && !entry.isDirectory()) throw new Error('it is no regular file'); // a pipe may never end
    if (entry.isFile() && entry.size > MAX_BYTES) {
      throw new Error(`it has ${entry.size} bytes, more than ${MAX_BYTES}`);
    }
    const bytes = await readFile(include.file);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(include, READ_PROBLEMS[codeOf(cause)] ?? errorMessage(cause), cause);
  }
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text, as which it must be saved',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function unreadable({ file, from }: Include, why: string, cause?: unknown): PythonEnvironmentError {
  const included = from === undefined ? '' : `, which ${from.file}:${from.line} names,`;
  return new PythonEnvironmentError({
    code: 'python_requirements',
    message: `the requirements ${file}${included} cannot be read: ${why}. Check the path and the file.`,
    cause,
  });
}
