import { orderRequests } from '../run/request-order.js';
import { filesDifference } from './compare-files.js';
import type { FileMap } from './file-value.js';
import { splitJobTraffic } from './job-traffic.js';
import { linesDifference } from './compare-lines.js';
import { same, say, within } from './compare-values.js';
import { ownWords } from './placeholders.js';
import type { Expectation, Problem, Raised, StepRecord } from './action-vector.js';

/** What came out of a run, in the form of `expect`. */
export interface Observation extends Expectation {
  /** Of a training: what `execute` returned, where that is something, as far as the result has it. */
  readonly value?: unknown;
}

/**
 * Where the two differ, one line for each part; empty when they agree. As the README of the vectors says: result, outcomes
 * of steps, order of undoing, requests and what is left must be equal; logs may have more entries, and so may progress and
 * metrics, of which only the first and the last of each step are certain. The result, the data of steps and of log entries
 * may have more keys than the SDK's. No contract are the order of the lines that one step writes, and its free notes about
 * its own workings (`upload_action_log`).
 */
export function differences(expected: Observation, observed: Observation): string[] {
  const compared: readonly (string | undefined)[] = [
    within(expected.result, observed.result, '/result'),
    same(expected.value, observed.value, '/result/value'),
    raisedDifference(expected.raised, observed.raised),
    stepsDifference(expected.steps, observed.steps),
    same(expected.rolled_back, observed.rolled_back, '/rolled_back'),
    same(expected.errors, observed.errors, '/errors'),
    requestsDifference(expected.requests, observed.requests),
    same(expected.backend_after, observed.backend_after, '/backend_after'),
    readBackDifference(expected.files, observed.files),
    same(expected.execute_calls, observed.execute_calls, '/execute_calls'),
    contained(firstAndLast(expected.progress), observed.progress, '/progress'),
    contained(firstAndLast(expected.metrics), observed.metrics, '/metrics'),
    linesDifference(expected.logs, observed.logs, '/logs'),
  ];
  return compared.filter((line) => line !== undefined);
}

/** `{any}` in place of the files: they are held to the vectors of the converter that wrote them. */
function readBackDifference(expected: unknown, observed: Observation['files']): string | undefined {
  if (expected === '{any}') return undefined;
  if (expected === undefined || observed === undefined) return same(expected, observed, '/files');
  return filesDifference(expected as FileMap, observed);
}

function stepsDifference(expected: readonly StepRecord[], observed: readonly StepRecord[]): string | undefined {
  const outline = ({ name, outcome }: StepRecord): string => `${name}: ${outcome}`;
  const outlines = same(expected.map(outline), observed.map(outline), '/steps');
  if (outlines !== undefined) return outlines;
  for (const [index, step] of expected.entries()) {
    const difference = stepDifference(step, observed[index], `/steps/${index}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function stepDifference(expected: StepRecord, observed: StepRecord | undefined, path: string): string | undefined {
  const { error, data = {}, rollback_data: undo = {} } = expected;
  return (
    same(error === undefined ? undefined : ownWords(error), observed?.error, `${path}/error`) ??
    within(data, observed?.data ?? {}, `${path}/data`) ??
    within(undo, observed?.rollback_data ?? {}, `${path}/rollback_data`)
  );
}

function raisedDifference(expected: Raised | undefined, observed: Raised | undefined): string | undefined {
  if (!expected || !observed) return same(expected, observed, '/raised');
  if (expected.type !== observed.type) return say('/raised/type', expected.type, observed.type);
  if (expected.message === undefined) return problemsDifference(expected.problems ?? [], observed.problems ?? []);
  return same(ownWords(expected.message), observed.message, '/raised/message');
}

/** The codes that the SDK itself gives; all others are pydantic's. */
const OWN_CODES = /_not_found$|^missing_(?:path|assets|context)$/;

/** Which fields are refused, and under which of the SDK's own codes. */
function problemsDifference(expected: readonly Problem[], observed: readonly Problem[]): string | undefined {
  const [wanted, found] = [expected.toSorted(byField), observed.toSorted(byField)];
  const fields = same(
    wanted.map(({ field }) => field),
    found.map(({ field }) => field),
    '/raised/problems',
  );
  if (fields !== undefined) return fields;
  for (const [index, { code, field }] of wanted.entries()) {
    if (!OWN_CODES.test(code)) continue;
    const difference = same(code, found[index]?.code, `/raised/problems/${field}/code`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function byField(a: Problem, b: Problem): number {
  return `${a.field} ${a.code}`.localeCompare(`${b.field} ${b.code}`);
}

function requestsDifference(expected: Expectation['requests'], observed: Expectation['requests']): string | undefined {
  const [wanted, found] = [splitJobTraffic(expected), splitJobTraffic(observed)];
  return (
    // Lines of a job between them keep what is sent at once apart.
    same(orderRequests(wanted.others), orderRequests(found.others), '/requests') ??
    linesDifference(wanted.lines, found.lines, '/requests to logs') ??
    withinKnown(wanted.progress, found.progress, '/requests to jobs/progress') ??
    withinKnown(wanted.metrics, found.metrics, '/requests to jobs/metrics')
  );
}

/** As {@link within}, where something is expected at all. */
function withinKnown(expected: unknown, observed: unknown, path: string): string | undefined {
  return expected === undefined ? undefined : within(expected, observed, path);
}

/** The first and the last of each step or category: how many come between them depends on time. */
function firstAndLast<TEntry extends readonly [string | null, ...unknown[]]>(
  entries: readonly TEntry[] | undefined,
): readonly TEntry[] | undefined {
  return entries?.filter((entry, index) => {
    const isOther = ([name]: TEntry): boolean => name !== entry[0];
    return entries.slice(0, index).every(isOther) || entries.slice(index + 1).every(isOther);
  });
}

/** Whether the entries are there in this order, others between them or not. */
function contained(
  expected: readonly unknown[] | undefined,
  observed: readonly unknown[] | undefined,
  path: string,
): string | undefined {
  if (expected === undefined) return undefined;
  let next = 0;
  for (const [index, entry] of expected.entries()) {
    const rest = (observed ?? []).slice(next);
    const found = rest.findIndex((one) => same(entry, one, '') === undefined);
    if (found < 0) return say(`${path}/${index}`, entry, rest.slice(0, 3));
    next += found + 1;
  }
  return undefined;
}
