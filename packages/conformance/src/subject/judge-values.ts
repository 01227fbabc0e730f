import { type FileReference, fileReferenceSchema } from '@synapse-steps/bridge/protocol';
import type { Violation } from './clause-failure.js';
import { type Judgement, placeOf } from './judgement.js';

/** Judges the values in what a plugin says: their tags, the keys that look like tags, and whether it may name files. */
export function judgeValues(said: Readonly<Record<string, unknown>>, mayNameFiles: boolean): Judgement {
  const found: Found = { references: [], violations: [] };
  look(valuesIn(said), [], found);
  const { references, violations } = found;
  for (const { place } of mayNameFiles ? [] : references) {
    const text = `it named a file at '${place}', without the capability 'files' or an exchange folder`;
    violations.push({ clause: 'FI-3', text });
  }
  return { seen: ['VA-7', 'VA-8', 'FI-3', ...(references.length > 0 ? ['FI-1'] : [])], violations };
}

/** The references to files in what a plugin says, as far as they have their shape. */
export function referencesIn(said: Readonly<Record<string, unknown>>): readonly FileReference[] {
  const found: Found = { references: [], violations: [] };
  look(valuesIn(said), [], found);
  return found.references.flatMap(({ tag }) => fileReferenceSchema.safeParse(tag).data ?? []);
}

interface Found {
  readonly references: { readonly place: string; readonly tag: object }[];
  readonly violations: Violation[];
}

/** The parts of a message where values of users stand. */
function valuesIn({ data, undo, metrics, patch }: Readonly<Record<string, unknown>>): unknown {
  const operations = Array.isArray(patch) ? patch.map((operation: unknown) => valueOf(operation)) : [];
  return { data, undo, metrics, patch: operations };
}

function valueOf(operation: unknown): unknown {
  return typeof operation === 'object' && operation !== null && 'value' in operation ? operation.value : undefined;
}

function look(value: unknown, path: readonly (string | number)[], found: Found): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) return value.forEach((item, index) => look(item, [...path, index], found));
  if (Object.hasOwn(value, '$file')) return lookAtReference(value, placeOf(path), found);
  const entries = Object.entries(value);
  for (const [key, content] of entries) {
    const problem = problemOf(key, content, entries.length === 1);
    if (problem !== undefined) found.violations.push({ ...problem, text: `${problem.text} at '${placeOf(path)}'` });
    else look(content, [...path, key], found);
  }
}

function lookAtReference(tag: object, place: string, { references, violations }: Found): void {
  references.push({ place, tag });
  const problem = fileReferenceSchema.safeParse(tag).error?.issues[0];
  if (problem === undefined) return;
  const text = `the reference at '${place}' is in a wrong shape: ${placeOf(problem.path)} ${problem.message}`;
  violations.push({ clause: 'FI-1', text });
}

function problemOf(key: string, content: unknown, isOnly: boolean): Violation | undefined {
  const holds = Object.hasOwn(TAGS, key) ? TAGS[key] : undefined;
  if (holds === undefined) return undefined;
  if (!isOnly) return { clause: 'VA-8', text: `the key '${key}' stands beside others, without a further $,` };
  if (typeof content === 'string' && content.length <= holds.longest && holds.form.test(content)) return undefined;
  return { clause: 'VA-7', text: `a tag '${key}' does not hold ${holds.what}` };
}

const TAGS: Readonly<Record<string, { readonly form: RegExp; readonly longest: number; readonly what: string }>> = {
  $int: { form: /^(?:0|-?[1-9]\d*)$/, longest: 4300, what: 'the digits of an integer' },
  $bytes: {
    form: /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/,
    longest: Infinity,
    what: 'padded base64',
  },
};
