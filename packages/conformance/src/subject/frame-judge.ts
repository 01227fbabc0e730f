import type { FrameListener, LineProblem, ParsedLine } from '@synapse-steps/bridge/framing';
import {
  HOST_ERROR_KINDS,
  isPluginNotification,
  logLevelSchema,
  PLUGIN_NOTIFICATIONS,
  REQUESTS,
  type NotificationFrame,
  type RequestMethod,
  type WireError,
  wireErrorKind,
} from '@synapse-steps/bridge/protocol';
import type { Violation } from './clause-failure.js';

/** An answer of the plugin. */
export type Answer =
  | { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly error: WireError };

/** A notification of the plugin that has the shape of its method. */
export interface Note {
  readonly method: string;
  readonly id: number;
  readonly seq: number;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Who hears of what the plugin says, once it has been judged. */
export interface JudgeListener {
  onAnswer(id: number, answer: Answer): void;
  onNote(note: Note): void;
}

/** Judges each line of a plugin by the clauses that hold at all times, whatever a scenario asks. */
export class FrameJudge implements FrameListener {
  readonly violations: Violation[] = [];
  /** Clauses of which something was seen. */
  readonly seen = new Set<string>(['ST-1']);
  /** The host sent lines that cannot be read: it may be told so. */
  mayComplain = false;
  readonly #listener: JudgeListener;
  readonly #open = new Map<number, { readonly method: string; seq: number }>();
  readonly #answered = new Set<number>();
  #isFirst = true;

  constructor(listener: JudgeListener) {
    this.#listener = listener;
  }

  /** The host has sent this request. */
  expect(id: number, method: string): void {
    this.#open.set(id, { method, seq: 0 });
  }

  onFrame({ frame }: Extract<ParsedLine, { ok: true }>): void {
    this.#see('FR-1', 'FR-4', 'EN-1', 'EN-3', 'VA-1', 'VA-2', 'VA-3');
    if (this.#isFirst && !(frame.kind === 'result' || frame.kind === 'error')) {
      this.#broken('IN-1', `its first frame is a ${frame.kind}, not the answer to initialize`);
    }
    this.#isFirst = false;
    switch (frame.kind) {
      case 'request':
        return this.#broken('EN-3', `it sent the request '${frame.frame.method}'; only the host does that`);
      case 'notification':
        return this.#onNotification(frame.frame);
      case 'result':
        return this.#onAnswer(frame.frame.id, { kind: 'result', result: frame.frame.result });
      case 'error':
        return this.#onAnswer(frame.frame.id, { kind: 'error', error: frame.frame.error });
    }
  }

  onStray(text: Buffer, problem: LineProblem): void {
    const line = text.toString('utf8');
    const clause = problem === 'not_a_frame' ? clauseOfShape(line) : CLAUSE_OF_PROBLEM[problem];
    this.#broken(clause, `it wrote to stdout ${PROBLEM_TEXT[problem]}: ${JSON.stringify(line.slice(0, SHOWN))}`);
  }

  onTooLarge(beginning: Buffer): void {
    const start = JSON.stringify(beginning.toString('utf8').slice(0, SHOWN));
    this.#broken('FR-3', `it wrote a line that is longer than the host allows, beginning with ${start}`);
  }

  /** What stood after the last line feed when the process had ended. */
  onRest(rest: Buffer): void {
    if (rest.length === 0) return;
    const start = JSON.stringify(rest.toString('utf8').slice(0, SHOWN));
    this.#broken('FR-4', `its last line has no end: ${start}`);
  }

  #onAnswer(id: number | null, answer: Answer): void {
    if (answer.kind === 'error') this.#judgeError(answer.error);
    if (id === null) {
      if (!this.mayComplain) this.#broken('FR-2', 'it could not read a message that is right');
      return;
    }
    const request = this.#open.get(id);
    if (request === undefined) {
      const what = this.#answered.has(id)
        ? `the request ${id} a second time`
        : `the request ${id}, which was never made`;
      this.#broken('EN-4', `it answered ${what}`);
      return;
    }
    this.#see('EN-4');
    this.#open.delete(id);
    this.#answered.add(id);
    if (answer.kind === 'result') this.#judgeResult(request.method, answer.result);
    this.#listener.onAnswer(id, answer);
  }

  #judgeResult(method: string, result: Readonly<Record<string, unknown>>): void {
    if (!Object.hasOwn(REQUESTS, method)) return;
    const clause = CLAUSE_OF_RESULT[method as RequestMethod];
    this.#see(clause);
    if (result['patch'] !== undefined) this.#see('CX-3', 'CX-4');
    if (result['skipped'] === true) {
      this.#see('EX-3');
      if (result['success'] !== true) this.#broken('EX-3', 'a step was skipped without success: true');
    }
    const parsed = REQUESTS[method as RequestMethod].result.safeParse(result);
    for (const { path, message } of parsed.error?.issues ?? []) {
      const place = path.map(String).join('/');
      this.#broken(clauseOfPlace(place) ?? clause, `the result of '${method}' is wrong at '${place}': ${message}`);
    }
  }

  #judgeError({ code, data }: WireError): void {
    this.#see('ER-1', 'ER-2');
    const kind = data?.kind;
    if (kind === undefined) return;
    const expected = wireErrorKind(code);
    if (Object.hasOwn(HOST_ERROR_KINDS, kind))
      this.#broken('ER-2', `it claims the kind '${kind}', which only the host makes`);
    else if (expected !== undefined && expected !== kind)
      this.#broken('ER-2', `the code ${code} is '${expected}', and not '${kind}'`);
  }

  #onNotification({ method, params = {} }: NotificationFrame): void {
    if (!isPluginNotification(method)) return;
    const clause = CLAUSE_OF_NOTE[method];
    this.#see(clause, 'EN-8');
    const parsed = PLUGIN_NOTIFICATIONS[method].safeParse(params);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) this.#malformed(method, issue);
      return;
    }
    const { id, seq } = parsed.data;
    const problem = valueProblem(method, params);
    if (problem !== undefined) this.#broken(clause, problem);
    this.#judgeSeq(method, id, seq);
    this.#listener.onNote({ method, id, seq, params });
  }

  #malformed(
    method: keyof typeof CLAUSE_OF_NOTE,
    issue: { readonly path: readonly PropertyKey[]; readonly message: string },
  ): void {
    const place = issue.path.map(String).join('/');
    const clause = /^(?:id|seq)$/.test(place) ? 'EN-8' : (clauseOfPlace(place) ?? CLAUSE_OF_NOTE[method]);
    this.#broken(clause, `its '${method}' is wrong at '${place}': ${issue.message}`);
  }

  #judgeSeq(method: string, id: number, seq: number): void {
    const request = this.#open.get(id);
    if (request === undefined) {
      const what = this.#answered.has(id) ? 'which was answered' : 'which was never made';
      this.#broken('EN-8', `it sent '${method}' for the request ${id}, ${what}`);
      return;
    }
    if (seq <= request.seq) this.#broken('EN-8', `the seq of its notifications went from ${request.seq} to ${seq}`);
    request.seq = Math.max(seq, request.seq);
  }

  #see(...clauses: readonly string[]): void {
    for (const clause of clauses) this.seen.add(clause);
  }

  #broken(clause: string, text: string): void {
    this.violations.push({ clause, text });
  }
}

const SHOWN = 200;

const CLAUSE_OF_PROBLEM: Readonly<Record<Exclude<LineProblem, 'not_a_frame'>, string>> = {
  json: 'ST-1',
  utf8: 'FR-1',
  bom: 'FR-1',
  depth: 'VA-1',
  unsafe_number: 'VA-2',
  forbidden_key: 'VA-3',
  duplicate_key: 'VA-3',
};

const PROBLEM_TEXT: Readonly<Record<LineProblem, string>> = {
  json: 'what is no JSON',
  utf8: 'what is no UTF-8',
  bom: 'a byte order mark',
  depth: 'a message that is nested too deep',
  unsafe_number: 'a number that is infinite, or an integer beyond ±(2^53−1)',
  forbidden_key: 'a message with the key __proto__',
  duplicate_key: 'a message that names a key twice',
  not_a_frame: 'JSON that is no message',
};

const CLAUSE_OF_RESULT: Readonly<Record<RequestMethod, string>> = {
  initialize: 'IN-2',
  describe: 'DE-1',
  can_skip: 'SK-1',
  execute: 'EX-1',
  rollback: 'RO-1',
  ping: 'PI-1',
  shutdown: 'SH-1',
};

const CLAUSE_OF_NOTE = { progress: 'NO-1', metrics: 'NO-2', log: 'NO-3', undo: 'UD-1' } as const;

/** Patches and capabilities have clauses of their own, wherever they stand. */
function clauseOfPlace(place: string): string | undefined {
  if (place.startsWith('capabilities')) return 'IN-5';
  if (!place.startsWith('patch')) return undefined;
  return place.endsWith('/path') ? 'CX-4' : 'CX-3';
}

/** An error whose own parts are wrong is no frame either; it has its own clause. */
function clauseOfShape(line: string): string {
  const value = JSON.parse(line) as unknown;
  const isError = typeof value === 'object' && value !== null && 'error' in value && !('result' in value);
  return isError ? 'ER-1' : 'EN-1';
}

/** What the schemas leave open, because the host is forgiving. */
function valueProblem(
  method: keyof typeof CLAUSE_OF_NOTE,
  params: Readonly<Record<string, unknown>>,
): string | undefined {
  if (method === 'progress') return progressProblem(params['current'] ?? null, params['total'] ?? null);
  if (method !== 'log') return undefined;
  if (!logLevelSchema.safeParse(params['level']).success)
    return `its log line has the level ${JSON.stringify(params['level'])}`;
  const isEmpty = (params['event'] ?? null) === null && (params['message'] ?? null) === null;
  return isEmpty ? 'its log line has neither event nor message' : undefined;
}

function progressProblem(current: unknown, total: unknown): string | undefined {
  if (current === null && total === null) return undefined;
  if (current === null || total === null) return 'its progress has only one of current and total';
  const [done, all] = [Number(current), Number(total)];
  return all > 0 && done >= 0 && done <= all ? undefined : `its progress is ${done} of ${all}`;
}
