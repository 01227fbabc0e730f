import { parseArgs } from 'node:util';
import type { Suite } from '../suites/suite.js';

export const usage =
  'npm run vectors -- steps|upload|train|convert [FOLDER] [--json] [--check-recorder] [--write-document]';

export interface VectorsArguments {
  readonly suite: Suite['name'];
  /** Default: the cases of this repository. */
  readonly folder: string | undefined;
  readonly json: boolean;
  readonly checkRecorder: boolean;
  /** Write the rules into the package's documentation first. */
  readonly writeDocument: boolean;
  readonly help: boolean;
}

const names: readonly Suite['name'][] = ['steps', 'upload', 'train', 'convert'];

function isSuite(name: string): name is Suite['name'] {
  return names.some((known) => known === name);
}

export class VectorsUsageError extends Error {}

/** @throws VectorsUsageError */
export function parseVectorsArguments(args: readonly string[]): VectorsArguments {
  const { values, positionals } = parse(args);
  const [suite = 'nothing', folder, ...rest] = positionals;
  const { json = false, help = false } = values;
  if (!help && !isSuite(suite)) {
    throw new VectorsUsageError(`Say which vectors: ${names.join(', ')}, not '${suite}'.`);
  }
  if (rest.length > 0) throw new VectorsUsageError(`One folder at a time; what is '${rest[0]}'?`);
  const { 'check-recorder': checkRecorder = false, 'write-document': writeDocument = false } = values;
  return { suite: isSuite(suite) ? suite : 'steps', folder, json, checkRecorder, writeDocument, help };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<typeof config>> {
  try {
    return parseArgs({ ...config, args: [...args] });
  } catch (error) {
    throw new VectorsUsageError(error instanceof Error ? error.message : String(error));
  }
}

const config = {
  allowPositionals: true,
  options: {
    json: { type: 'boolean' },
    help: { type: 'boolean' },
    'check-recorder': { type: 'boolean' },
    'write-document': { type: 'boolean' },
  },
} as const;
