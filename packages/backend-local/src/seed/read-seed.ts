import { readFile } from 'node:fs/promises';
import { errorMessage } from '@synapse-steps/core';
import { isMap, isScalar, LineCounter, type Document, parseDocument } from 'yaml';
import type { z } from 'zod';
import { LocalBackendError } from '../local-backend-error.js';
import { type Seed, seedSchema } from './seed-file.js';

type Path = readonly PropertyKey[];

/** A seed file that is what it should be, and a way to say where in it something is wrong all the same. */
export interface ReadSeed {
  readonly seed: Seed;
  readonly refuse: (path: Path, message: string) => LocalBackendError;
}

/** @throws LocalBackendError that names file, line and column of everything that is wrong. */
export async function readSeed(file: string): Promise<ReadSeed> {
  const lines = new LineCounter();
  const document = parseDocument(await readText(file), { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const at = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(1, line)}:${Math.max(1, col)}`;
  };
  const syntax = [...document.errors, ...document.warnings].map(({ pos, message }) => `${at(pos[0])}: ${message}`);
  if (syntax.length > 0) throw refusal(syntax);
  const parsed = seedSchema.safeParse(document.toJS({ maxAliasCount: 100 }) ?? {});
  if (!parsed.success) {
    throw refusal(
      parsed.error.issues.flatMap((issue) =>
        placesOf(issue).map(({ path, message }) => `${at(offsetOf(document, path))}: ${textOf(path, message)}`),
      ),
    );
  }
  return {
    seed: parsed.data,
    refuse: (path, message) => refusal([`${at(offsetOf(document, path))}: ${textOf(path, message)}`]),
  };
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw refusal([`${file} cannot be read: ${errorMessage(error)}`], error);
  }
}

function refusal(problems: readonly string[], cause?: unknown): LocalBackendError {
  return new LocalBackendError('seed_invalid', problems.slice(0, 20).join('\n'), { cause });
}

function textOf(path: Path, message: string): string {
  return path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`;
}

/** Where an issue is to be shown: a key that is not known is pointed at itself. */
function placesOf(issue: z.core.$ZodIssue): readonly { readonly path: Path; readonly message: string }[] {
  if (issue.code !== 'unrecognized_keys') {
    const isMissing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
    return [{ path: issue.path, message: isMissing ? 'is missing' : issue.message }];
  }
  return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'there is no such key here' }));
}

/** Where a value stands; of one that is not there, the nearest thing around it. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length -= 1) {
    const around = document.getIn(path.slice(0, length - 1), true) ?? document.contents;
    const key = path[length - 1];
    const pair = isMap(around) ? around.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    const node: unknown = pair?.key ?? document.getIn(path.slice(0, length), true);
    const start = startOf(node);
    if (start !== undefined) return start;
  }
  return startOf(document.contents) ?? 0;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  return node.range[0] as number;
}
