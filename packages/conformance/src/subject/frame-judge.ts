import type { FrameListener, LineProblem, ParsedLine } from '@synapse-steps/bridge/framing';
import type { NotificationFrame, WireError } from '@synapse-steps/bridge/protocol';
import type { Violation } from './clause-failure.js';
import { judgeError, judgeResult } from './judge-answer.js';
import { beginningOf, judgeStray } from './judge-line.js';
import { judgeNotification, type Note } from './judge-notification.js';
import { judgeValues } from './judge-values.js';
import type { Judgement } from './judgement.js';

/** An answer of the plugin. */
export type Answer =
  | { readonly kind: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly error: WireError };

/** Who hears of what the plugin says, once it has been judged. */
export interface JudgeListener {
  onAnswer(id: number, answer: Answer): void;
  onNote(note: Note): void;
}

/**
 * Judges each line of a plugin by the clauses that hold at all times, whatever a scenario asks. What a message says by
 * itself is judged by the functions around; here is what depends on what came before.
 */
export class FrameJudge implements FrameListener {
  readonly violations: Violation[] = [];
  /** Clauses of which something was seen. */
  readonly seen = new Set<string>(['ST-1']);
  /** The host sent lines that cannot be read: it may be told so. */
  mayComplain = false;
  /** There is an exchange folder, and the plugin takes files. */
  mayNameFiles = false;
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
    for (const clause of KEPT_BY_A_FRAME) this.seen.add(clause);
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
    this.violations.push(judgeStray(text, problem));
  }

  onTooLarge(beginning: Buffer): void {
    this.#broken(
      'FR-3',
      `it wrote a line that is longer than the host allows, beginning with ${beginningOf(beginning)}`,
    );
  }

  /** What stood after the last line feed when the process had ended. */
  onRest(rest: Buffer): void {
    if (rest.length > 0) this.#broken('FR-4', `its last line has no end: ${beginningOf(rest)}`);
  }

  #onAnswer(id: number | null, answer: Answer): void {
    if (answer.kind === 'error') this.#take(judgeError(answer.error));
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
    this.seen.add('EN-4');
    this.#open.delete(id);
    this.#answered.add(id);
    if (answer.kind === 'result') this.#take(judgeResult(request.method, answer.result));
    if (answer.kind === 'result' && CALLS.has(request.method))
      this.#take(judgeValues(answer.result, this.mayNameFiles));
    this.#listener.onAnswer(id, answer);
  }

  #onNotification(frame: NotificationFrame): void {
    const { note, ...judgement } = judgeNotification(frame);
    this.#take(judgement);
    if (note === undefined) return;
    this.#take(judgeValues(note.params, this.mayNameFiles));
    this.#judgeSeq(note);
    this.#listener.onNote(note);
  }

  #judgeSeq({ method, id, seq }: Note): void {
    const request = this.#open.get(id);
    if (request === undefined) {
      const what = this.#answered.has(id) ? 'which was answered' : 'which was never made';
      this.#broken('EN-8', `it sent '${method}' for the request ${id}, ${what}`);
      return;
    }
    if (seq <= request.seq) this.#broken('EN-8', `the seq of its notifications went from ${request.seq} to ${seq}`);
    request.seq = Math.max(seq, request.seq);
  }

  #take({ seen, violations }: Judgement): void {
    for (const clause of seen) this.seen.add(clause);
    this.violations.push(...violations);
  }

  #broken(clause: string, text: string): void {
    this.violations.push({ clause, text });
  }
}

const CALLS: ReadonlySet<string> = new Set(['execute', 'rollback']);
const KEPT_BY_A_FRAME = ['FR-1', 'FR-4', 'EN-1', 'EN-3', 'VA-1', 'VA-2', 'VA-3'];
