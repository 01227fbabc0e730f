import { splitJobTraffic } from './job-traffic.js';
import { isSameText, ownWords } from './placeholders.js';
import type { Expectation, Problem, Raised, StepRecord } from './action-vector.js';

/** What came out of a run, in the form of `expect`. */
export type Observation = Expectation;

/**
 * Where the two differ, one line for each part; empty when they agree. As the README of the vectors says: result, outcomes
 * of steps, order of undoing, requests and what is left must be equal; logs may have more entries, and so may progress and
 * metrics, of which only the first and the last of each step are certain. The result, the data of steps and of log entries
 * may have more keys than the SDK's. No contract are the order of the lines that one step writes, and its free notes about
 * its own workings (`upload_action_log`).
 */
export function differences(expected: Expectation, observed: Observation): string[] {
  const compared: readonly (string | undefined)[] = [
    within(expected.result, observed.result, '/result'),
    raisedDifference(expected.raised, observed.raised),
    stepsDifference(expected.steps, observed.steps),
    same(expected.rolled_back, observed.rolled_back, '/rolled_back'),
    same(expected.errors, observed.errors, '/errors'),
    requestsDifference(expected.requests, observed.requests),
    same(expected.backend_after, observed.backend_after, '/backend_after'),
    same(expected.files, observed.files, '/files'),
    contained(firstAndLast(expected.progress), observed.progress, '/progress'),
    contained(firstAndLast(expected.metrics), observed.metrics, '/metrics'),
    linesDifference(expected.logs, observed.logs, '/logs'),
  ];
  return compared.filter((line) => line !== undefined);
}

/** Where two values differ first. */
function same(expected: unknown, observed: unknown, path: string): string | undefined {
  if (typeof expected === 'string') return isSameText(expected, observed) ? undefined : say(path, expected, observed);
  if (Array.isArray(expected)) return listDifference(expected, observed, path);
  if (isRecord(expected)) return recordDifference(expected, observed, path);
  return expected === observed ? undefined : say(path, expected, observed);
}

function listDifference(expected: readonly unknown[], observed: unknown, path: string): string | undefined {
  if (!Array.isArray(observed)) return say(path, expected, observed);
  for (let index = 0; index < Math.max(expected.length, observed.length); index += 1) {
    const difference = same(expected[index], observed[index], `${path}/${index}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function recordDifference(expected: Record<string, unknown>, observed: unknown, path: string): string | undefined {
  if (!isRecord(observed)) return say(path, expected, observed);
  const extra = Object.keys(observed).find((key) => !Object.hasOwn(expected, key) && observed[key] !== undefined);
  if (extra !== undefined) return say(`${path}/${extra}`, undefined, observed[extra]);
  return within(expected, observed, path);
}

/** As {@link same}, but a record may have more keys than was expected. */
function within(expected: unknown, observed: unknown, path: string): string | undefined {
  if (!isRecord(expected) || !isRecord(observed)) return same(expected, observed, path);
  for (const [key, value] of Object.entries(expected)) {
    if (key.startsWith('_')) continue; // the SDK's own business
    const difference = same(value, observed[key], `${path}/${key}`);
    if (difference !== undefined) return difference;
  }
  return undefined;
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
    same(wanted.others, found.others, '/requests') ??
    linesDifference(wanted.lines, found.lines, '/requests to logs') ??
    within(wanted.progress, found.progress, '/requests to jobs/progress') ??
    within(wanted.metrics, found.metrics, '/requests to jobs/metrics')
  );
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

function isContract(line: unknown): boolean {
  return eventOf(line) !== 'upload_action_log';
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

/** Whether each step in turn has written these lines, in any order. */
function linesDifference(
  expected: readonly unknown[] | undefined,
  observed: readonly unknown[] | undefined,
  path: string,
): string | undefined {
  if (expected === undefined) return undefined;
  const blocks = blocksOf(observed ?? []);
  for (const { step, lines } of blocksOf(expected.filter(isContract))) {
    const place = blocks.findIndex((block) => block.step === step);
    if (place < 0) return say(path, lines[0], undefined);
    const [block] = blocks.splice(0, place + 1).slice(-1);
    const left = [...(block?.lines ?? [])];
    for (const line of lines) {
      const found = left.findIndex((one) => isSameLine(line, one));
      if (found < 0)
        return say(
          path,
          line,
          left.filter((one) => eventOf(one) === eventOf(line)),
        );
      left.splice(found, 1);
    }
  }
  return undefined;
}

interface Block {
  readonly step: unknown;
  readonly lines: unknown[];
}

function blocksOf(lines: readonly unknown[]): Block[] {
  const blocks: Block[] = [];
  for (const line of lines) {
    const step: unknown = Array.isArray(line) ? line[0] : (line as { readonly step?: unknown }).step;
    const last = blocks.at(-1);
    if (last?.step === step) last?.lines.push(line);
    else blocks.push({ step, lines: [line] });
  }
  return blocks;
}

function eventOf(line: unknown): unknown {
  return Array.isArray(line) ? line[2] : (line as { readonly event?: unknown }).event;
}

function isSameLine(expected: unknown, observed: unknown): boolean {
  if (Array.isArray(expected)) {
    const own = expected.map((part, index) => (index === 3 ? ownWords(String(part)) : part) as unknown);
    return same(own, observed, '') === undefined;
  }
  if (!isRecord(expected) || !isRecord(observed)) return false;
  const { data, ...rest } = expected;
  const { data: found, ...others } = observed;
  return same(rest, others, '') === undefined && within(ownWordsOf(data), found, '') === undefined;
}

function ownWordsOf(data: unknown): unknown {
  if (!isRecord(data)) return data;
  const texts = Object.entries(data).map(([key, value]) => [
    key,
    (key === 'message' || key === 'error') && typeof value === 'string' ? ownWords(value) : value,
  ]);
  return Object.fromEntries(texts);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function say(path: string, expected: unknown, observed: unknown): string {
  return `${path}: expected ${show(expected)}, found ${show(observed)}`;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 300);
}
