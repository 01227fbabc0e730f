import { readFile } from 'node:fs/promises';
import { copyJsonObject, errorMessage, type JsonObject } from '@synapse-steps/core';
import { parse } from 'yaml';
import { UsageError } from '../usage-error.js';

export interface ParamOptions {
  /** Texts `name=value`. */
  readonly param?: readonly string[];
  /** A YAML or JSON file. */
  readonly params?: string;
}

/** The params that the command line gives: those of the file, and over them the single ones. @throws UsageError */
export async function readParams({ param = [], params }: ParamOptions): Promise<JsonObject> {
  const single = Object.fromEntries(param.map(parseParam));
  return checked({ ...(params === undefined ? {} : await readParamsFile(params)), ...single }, 'The params');
}

function parseParam(text: string): [string, unknown] {
  const mark = text.indexOf('=');
  if (mark < 1)
    throw new UsageError(`--param '${text}' has no value. Write --param name=value, such as --param epochs=300.`);
  return [text.slice(0, mark), parseValue(text.slice(mark + 1))];
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text; // what is not JSON is a text, so that names and paths need no quotes inside quotes
  }
}

async function readParamsFile(file: string): Promise<JsonObject> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new UsageError(
      `--params ${file}: the file cannot be read: ${errorMessage(error)}. Give the path of a YAML or JSON file.`,
      {
        cause: error,
      },
    );
  });
  try {
    return checked(parse(text, { prettyErrors: true, stringKeys: true }), file);
  } catch (error) {
    const problem = errorMessage(error).split('\n', 1)[0] ?? '';
    throw new UsageError(`--params ${file}: ${problem} The file must hold a map of params, in YAML or JSON.`, {
      cause: error,
    });
  }
}

function checked(value: unknown, what: string): JsonObject {
  try {
    return copyJsonObject(value, what);
  } catch (error) {
    throw new UsageError(errorMessage(error), { cause: error });
  }
}
