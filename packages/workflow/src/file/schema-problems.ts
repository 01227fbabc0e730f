import { closestFirst, didYouMean } from '@synapse-steps/core';
import type { z } from 'zod';
import type { WorkflowProblem } from '../workflow-error.js';
import {
  ONE_SOURCE,
  parallelSchema,
  pluginSchema,
  retrySchema,
  stepSchema,
  workflowFileSchema,
} from './workflow-file-schema.js';
import type { SourcePath, SourcePosition, YamlSource } from './yaml-source.js';

interface Located {
  readonly file: string;
  readonly source: YamlSource;
  readonly value: unknown;
}

/** What the schema found, in words, each at its place in the file. */
export function schemaProblems(issues: readonly z.core.$ZodIssue[], located: Located): WorkflowProblem[] {
  // A key that is misspelt is also missing: what explains the other comes first.
  const unknownFirst = issues.toSorted(
    (a, b) => Number(b.code === 'unrecognized_keys') - Number(a.code === 'unrecognized_keys'),
  );
  return unknownFirst.flatMap((issue) => {
    if (issue.code === 'invalid_union') return schemaProblems(chosenBranch(issue, located.value), located);
    const path = issue.path.filter((segment) => typeof segment !== 'symbol');
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], located));
    return [wrongValue(path, issue, located)];
  });
}

/** A step of the file is either one step or several in parallel; what it is meant to be shows by its key. */
function chosenBranch(issue: z.core.$ZodIssueInvalidUnion, value: unknown): z.core.$ZodIssue[] {
  const found = valueAt(value, issue.path as SourcePath);
  const isParallel = typeof found === 'object' && found !== null && 'parallel' in found;
  const issues = issue.errors[isParallel ? 1 : 0] ?? [];
  return issues.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function unknownKey(path: SourcePath, { file, source, value }: Located): WorkflowProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const known = knownKeys(parent, value);
  const later = kindOf(parent) === 'plugin' ? LATER[key] : undefined;
  const message =
    later === undefined
      ? `unknown key '${key}' in ${placeName(parent)}. ${didYouMean(key, known)}Known keys: ${closestFirst(key, known).join(', ')}.`
      : `'${key}' in ${placeName(parent)} is not available in this version: ${later}. Remove it.`;
  return { file, ...source.positionOfKey(path), message };
}

/** What a plugin of the file will be able to have, and this version cannot do yet. */
const LATER: Readonly<Record<string, string>> = {
  synapse: 'a plugin folder of the Python SDK cannot be run yet',
};

function wrongValue(path: SourcePath, issue: z.core.$ZodIssue, { file, source, value }: Located): WorkflowProblem {
  if (issue.code === 'invalid_key') {
    const message = `'${String(path.at(-1))}' cannot be the name of a plugin. Use letters, digits, '-' and '_', and begin with a letter.`;
    return { file, ...source.positionOfKey(path), message };
  }
  if (issue.code === 'custom' && issue.message !== ONE_SOURCE) {
    return { file, ...source.positionOfKey(path), message: `${placeName(path)}: ${issue.message}.` };
  }
  const found = valueAt(value, path);
  const isMissing = found === undefined;
  const position: SourcePosition = isMissing ? source.positionOfValue(path.slice(0, -1)) : source.positionOfValue(path);
  const expected = expectation(path);
  const message = isMissing
    ? `${placeName(path.slice(0, -1))} lacks '${String(path.at(-1))}': ${expected}.`
    : `${placeName(path)} must be ${expected}, but is ${describeValue(found)}.`;
  return { file, ...position, message };
}

type Kind = 'file' | 'plugin' | 'step' | 'parallel' | 'retry';

/** Whose field the end of a path is, when the path names one; and what stands at the path, when it names no field. */
function kindOf(path: SourcePath): Kind {
  const [section, , field, index, inner] = path;
  if (path.length < 2 || section === 'params') return 'file';
  if (section === 'plugins') return 'plugin';
  if (field === 'retry' || inner === 'retry') return 'retry';
  return field === 'parallel' && index === undefined ? 'parallel' : 'step';
}

function knownKeys(path: SourcePath, value: unknown): string[] {
  const found = valueAt(value, path);
  const isParallel = typeof found === 'object' && found !== null && 'parallel' in found;
  const kind = isParallel ? 'parallel' : kindOf(path);
  return Object.keys(SHAPES[kind]);
}

const SHAPES: Readonly<Record<Kind, object>> = {
  file: workflowFileSchema.shape,
  plugin: pluginSchema.shape,
  step: stepSchema.shape,
  parallel: parallelSchema.shape,
  retry: retrySchema.shape,
};

/** The part of a path that names a step, and the rest. */
function splitStepPath(path: SourcePath): [number: string, field: SourcePath] {
  const [, index, field, child] = path;
  const isChild = field === 'parallel' && child !== undefined;
  return isChild
    ? [`${Number(index) + 1}.${Number(child) + 1}`, path.slice(4)]
    : [String(Number(index) + 1), path.slice(2)];
}

function placeName(path: SourcePath): string {
  const [section, entry] = path;
  if (section === undefined) return 'the workflow file';
  if (entry === undefined) return `'${section}'`;
  if (section === 'params') return `the param '${path.slice(1).join('.')}'`;
  const [number, stepField] = splitStepPath(path);
  const [owner, field] = section === 'plugins' ? [`plugin '${entry}'`, path.slice(2)] : [`step ${number}`, stepField];
  return field.length === 0 ? owner : `'${field.join('.')}' of ${owner}`;
}

function expectation(path: SourcePath): string {
  const [section] = path;
  if (section === undefined) return 'a map with at least the key steps';
  if (path.length === 1) return EXPECTED[section] ?? JSON_VALUE;
  if (section === 'params') return JSON_VALUE;
  const [owner, field] =
    section === 'plugins' ? [EXPECTED.plugin, path.slice(2)] : [EXPECTED.step, splitStepPath(path)[1]];
  return field.length === 0 ? owner : fieldExpectation(field);
}

function fieldExpectation([first = '', second]: SourcePath): string {
  if (second === undefined) return EXPECTED[first] ?? JSON_VALUE;
  if (first === 'retry') return EXPECTED[`retry.${second}`] ?? JSON_VALUE;
  return first === 'with' ? JSON_VALUE : (EXPECTED[first] ?? JSON_VALUE); // in a list, the list itself is shown
}

const JSON_VALUE = 'a value that JSON can express';

const EXPECTED: Readonly<Record<string, string>> & { readonly plugin: string; readonly step: string } = {
  context: 'a text such as ./context.ts#MyContext',
  params: 'a map of names and values',
  plugins: 'a map of plugins by name',
  steps: 'a list with at least one step',
  plugin: "a map with either 'python' (a file) or 'command' (a program and its arguments)",
  step: "a map such as { uses: './steps/load.ts#LoadStep' } or { uses: plugin/step }",
  python: 'the path of a Python file',
  interpreter: 'the path or name of a Python',
  requirements: 'the path of a requirements file',
  requiresPython: "versions of Python such as '>=3.10', in quotes",
  environment: 'the path of a Python environment',
  command: 'a list of texts: the program and its arguments',
  env: 'a list of names of environment variables',
  secrets: 'a list of names of environment variables',
  workers: 'a whole number, 1 or more',
  isolation: "'shared' or 'process'",
  idle: 'a time such as 30s, 5m or 1h',
  uses: 'a text such as ./steps/load.ts#LoadStep or plugin/step',
  with: 'a map of params for the step',
  name: "a text that is not empty and has no '/'",
  weight: 'a number, 0 or more',
  retry: 'a map such as { attempts: 3, delay: 200ms }',
  'retry.attempts': 'a whole number, 1 or more',
  'retry.delay': 'a time such as 200ms, 5s or 2m',
  timeout: 'a time such as 500ms, 30s, 2m or 1h',
  parallel: 'a list with at least one step',
  concurrency: 'a whole number, 1 or more',
  optional: 'true or false',
};

function valueAt(value: unknown, path: SourcePath): unknown {
  let found = value;
  for (const segment of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, segment)) return undefined;
    found = (found as Record<string | number, unknown>)[segment];
  }
  return found;
}

function describeValue(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object')
    return Object.keys(value).length === 0 ? 'an empty map' : `a map (${Object.keys(value).join(', ')})`;
  // NaN and infinities are the only scalars of YAML that JSON does not know
  const shown = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return shown.length > 60 ? `${shown.slice(0, 57)}...` : shown;
}
