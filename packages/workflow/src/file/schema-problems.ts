import type { z } from 'zod';
import type { WorkflowProblem } from '../workflow-error.js';
import { closestFirst, didYouMean } from './closest-first.js';
import { pluginSchema, stepSchema, workflowFileSchema } from './workflow-file-schema.js';
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
    const path = issue.path.filter((segment) => typeof segment !== 'symbol');
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], located));
    return [wrongValue(path, issue, located)];
  });
}

function unknownKey(path: SourcePath, { file, source }: Located): WorkflowProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const known = knownKeys(parent);
  const later = LATER[`${kindOf(parent)}.${key}`];
  const message =
    later === undefined
      ? `unknown key '${key}' in ${placeName(parent)}. ${didYouMean(key, known)}Known keys: ${closestFirst(key, known).join(', ')}.`
      : `'${key}' in ${placeName(parent)} is not available in this version: ${later}. Remove it.`;
  return { file, ...source.positionOfKey(path), message };
}

/** What the file format will know, and this version cannot do yet. */
const LATER: Readonly<Record<string, string>> = {
  'step.retry': 'a step cannot be tried again yet',
  'step.timeout': 'a step cannot have a time limit yet',
  'step.parallel': 'steps run one after the other',
  'plugin.synapse': 'a plugin folder of the Python SDK cannot be run yet',
  'plugin.requirements': 'Python environments are not prepared yet; name an interpreter that has what the plugin needs',
};

function wrongValue(path: SourcePath, issue: z.core.$ZodIssue, { file, source, value }: Located): WorkflowProblem {
  if (issue.code === 'invalid_key') {
    const message = `'${String(path.at(-1))}' cannot be the name of a plugin. Use letters, digits, '-' and '_', and begin with a letter.`;
    return { file, ...source.positionOfKey(path), message };
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

function kindOf(path: SourcePath): 'file' | 'plugin' | 'step' {
  if (path.length < 2 || path[0] === 'params') return 'file';
  return path[0] === 'plugins' ? 'plugin' : 'step';
}

function knownKeys(path: SourcePath): string[] {
  return Object.keys({ file: workflowFileSchema, plugin: pluginSchema, step: stepSchema }[kindOf(path)].shape);
}

function placeName(path: SourcePath): string {
  const [section, entry, field, ...deeper] = path;
  if (section === undefined) return 'the workflow file';
  if (entry === undefined) return `'${section}'`;
  if (section === 'params')
    return `the param '${[entry, field, ...deeper].filter((part) => part !== undefined).join('.')}'`;
  const owner = section === 'plugins' ? `plugin '${entry}'` : `step ${Number(entry) + 1}`;
  return field === undefined ? owner : `'${[field, ...deeper].join('.')}' of ${owner}`;
}

function expectation(path: SourcePath): string {
  if (path.length === 0) return 'a map with at least the key steps';
  const kind = kindOf(path);
  if (kind === 'file') return path.length === 1 ? (EXPECTED[String(path[0])] ?? JSON_VALUE) : JSON_VALUE;
  if (path.length === 2) return EXPECTED[kind];
  // Inside 'with' anything is a value; inside the lists of a plugin the list itself is what people must look at.
  return path[2] === 'with' && path.length > 3 ? JSON_VALUE : (EXPECTED[String(path[2])] ?? JSON_VALUE);
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
  command: 'a list of texts: the program and its arguments',
  env: 'a list of names of environment variables',
  secrets: 'a list of names of environment variables',
  uses: 'a text such as ./steps/load.ts#LoadStep or plugin/step',
  with: 'a map of params for the step',
  name: "a text that is not empty and has no '/'",
  weight: 'a number, 0 or more',
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
