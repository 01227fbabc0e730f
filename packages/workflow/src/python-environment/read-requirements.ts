import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { errorMessage } from '@synapse-steps/core';
import { digestOfPath } from './digest-of-path.js';
import { PythonEnvironmentError } from './python-environment-error.js';
import { parseRequirementLine, requirementLines } from './requirement-lines.js';

/** A requirements file with all that it leads to. */
export interface Requirements {
  /** Absolute. */
  readonly file: string;
  /** One digest of every file's text, and of the wheels, archives and source folders on this machine that they name. */
  readonly digest: string;
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
  return { file, digest: reader.digest() };
}

interface Include {
  readonly file: string;
  readonly from?: { readonly file: string; readonly line: number };
}

class RequirementsReader {
  readonly #hash = createHash('sha256');
  readonly #seen = new Set<string>();
  /** Where the installer will run, which paths of packages are relative to. */
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  digest(): string {
    return this.#hash.digest('hex');
  }

  async read(include: Include): Promise<void> {
    const { file } = include;
    if (this.#seen.has(file)) return; // a circle is the installer's to judge
    this.#seen.add(file);
    if (this.#seen.size > MAX_FILES) throw unreadable(include, `more than ${MAX_FILES} files are included`);
    const text = await readText(include);
    this.#add('text', text);
    for (const [index, line] of requirementLines(text).entries()) {
      const found = parseRequirementLine(line.text);
      const from = { file, line: line.number };
      // order is part of what is hashed, so one after the other
      if (found?.kind === 'include') await this.read({ file: resolve(dirname(file), found.path), from });
      if (found?.kind === 'path') await this.#addPath(found.path, from, index);
    }
  }

  async #addPath(path: string, from: { readonly file: string; readonly line: number }, index: number): Promise<void> {
    const absolute = resolve(this.#folder, path);
    try {
      this.#add(`path ${index}`, (await digestOfPath(absolute)) ?? 'none');
    } catch (cause) {
      throw unreadable({ file: absolute, from }, errorMessage(cause), cause);
    }
  }

  /** With its length, so that no two lists of texts are the same bytes. */
  #add(kind: string, text: string): void {
    this.#hash.update(`${kind} ${Buffer.byteLength(text)}\n`).update(text);
  }
}

const MAX_FILES = 100;
const MAX_BYTES = 1024 * 1024;

async function readText(include: Include): Promise<string> {
  try {
    const bytes = await readFile(include.file);
    if (bytes.length > MAX_BYTES) throw new Error(`it has ${bytes.length} bytes, more than ${MAX_BYTES}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw unreadable(include, READ_PROBLEMS[codeOf(cause)] ?? errorMessage(cause), cause);
  }
}

const READ_PROBLEMS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
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
