import type { Raised, RequestRecord, StepRecord } from '../cases/action-vector.js';
import type { Rewritten } from './action-rule.js';

// What rules have in common when they make one expectation of another.

export function requestsOf(expect: Rewritten): RequestRecord[] {
  return expect['requests'] as RequestRecord[];
}

export function stepsOf(expect: Rewritten): StepRecord[] {
  return expect['steps'] as StepRecord[];
}

export function failedStep(expect: Rewritten): StepRecord | undefined {
  return stepsOf(expect).find(({ outcome }) => outcome === 'failed');
}

export function raisedIn(expect: Rewritten): Raised | undefined {
  return expect['raised'] as Raised | undefined;
}

export function logsOf(expect: Rewritten): readonly unknown[] | undefined {
  return expect['logs'] as readonly unknown[] | undefined;
}

export function isTo({ method, path }: RequestRecord, wanted: string): boolean {
  return `${method} ${path}` === wanted;
}

/** The step with other facts. */
export function withStep(expect: Rewritten, name: string, change: (step: StepRecord) => StepRecord): Rewritten {
  return { ...expect, steps: stepsOf(expect).map((step) => (step.name === name ? change(step) : step)) };
}

export function withResult(expect: Rewritten, change: Readonly<Record<string, unknown>>): Rewritten {
  const result = expect['result'];
  return typeof result === 'object' && result !== null ? { ...expect, result: { ...result, ...change } } : expect;
}

/** Each line of the log changed: those of the run, and those that a job is told. */
export function withLogs(expect: Rewritten, change: (entry: unknown) => unknown): Rewritten {
  const logs = logsOf(expect);
  const requests = requestsOf(expect).map((request) =>
    isTo(request, 'POST /logs/') ? { ...request, json: change(request.json) } : request,
  );
  return { ...expect, requests, ...(logs && { logs: logs.map(change) }) };
}

/** Without the lines of the log that have these words. */
export function withoutLines(expect: Rewritten, words: RegExp): Rewritten {
  const logs = logsOf(expect)?.filter((line) => !words.test(JSON.stringify(line)));
  return logs === undefined ? expect : { ...expect, logs };
}

/** The log, where all of its lines are in the short form. */
export function briefLogs(expect: Rewritten): readonly unknown[] | undefined {
  const logs = logsOf(expect);
  return logs?.every(isBrief) === true ? logs : undefined;
}

/** A line of the log in the short form. */
export function isBrief(line: unknown): line is readonly unknown[] {
  return Array.isArray(line);
}

/** A param as a text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
