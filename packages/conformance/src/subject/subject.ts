import { encodeFrame, FrameReader } from '@synapse-steps/bridge/framing';
import { type ManagedProcess, type ProcessExit, startProcess, stopProcess } from '@synapse-steps/bridge/process';
import { DEFAULT_WIRE_LIMITS, type JsonObject } from '@synapse-steps/bridge/protocol';
import type { ProcessRecording } from '@synapse-steps/bridge/transcript';
import { ClauseFailure, demand } from './clause-failure.js';
import { ByteJudge } from './byte-judge.js';
import { type Answer, FrameJudge } from './frame-judge.js';
import type { Note } from './judge-notification.js';
import type { Patience } from './patience.js';
import { within } from './within.js';

/** Which program is tried, and where. */
export interface SubjectOptions {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly patience: Patience;
  readonly recording: ProcessRecording | undefined;
}

interface SubjectParts {
  readonly judge: FrameJudge;
  readonly reader: FrameReader;
  readonly patience: Patience;
  readonly recording: ProcessRecording | undefined;
}

/** A request that the plugin has to answer. */
export interface Asked {
  readonly id: number;
  readonly method: string;
  readonly answer: Promise<Answer>;
}

/** One life of the plugin under test, with a host that looks at everything that it writes. */
export class Subject {
  readonly notes: Note[] = [];
  readonly judge: FrameJudge;
  readonly bytes = new ByteJudge();
  /** Undo data is confirmed as soon as it comes, unless a scenario wants to see whether the plugin waits. */
  confirmsUndo = true;
  #output = '';
  #nextId = 1;
  readonly #patience: Patience;
  readonly #recording: ProcessRecording | undefined;
  readonly #process: ManagedProcess;
  readonly #reader: FrameReader;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #onNote: () => void = () => undefined;

  private constructor(process: ManagedProcess, parts: SubjectParts) {
    this.#process = process;
    this.judge = parts.judge;
    this.#reader = parts.reader;
    this.#patience = parts.patience;
    this.#recording = parts.recording;
  }

  /** @throws ProcessStartError when there is no such program. */
  static async start({ patience, recording, ...place }: SubjectOptions): Promise<Subject> {
    const judge = new FrameJudge({
      onAnswer: (id, answer) => subject.#answered(id, answer),
      onNote: (note) => subject.#noted(note),
    });
    const { max_frame_bytes: maxFrameBytes, max_depth: maxDepth } = DEFAULT_WIRE_LIMITS;
    const reader = new FrameReader(recording?.listensTo(judge) ?? judge, { maxFrameBytes, maxDepth, strict: true });
    const process = await startProcess({
      ...place,
      onStdout: (chunk) => {
        subject.#hear(chunk.toString('latin1'));
        subject.bytes.push(chunk);
        reader.push(chunk);
      },
      onStderr: (lines) => {
        recording?.prints(lines);
        subject.#hear(lines.join('\n'));
      },
    });
    recording?.follows(process);
    const subject: Subject = new Subject(process, { judge, reader, patience, recording });
    return subject;
  }

  /** The last that it printed to stderr. */
  get stderrTail(): readonly string[] {
    return this.#process.stderrTail.lines();
  }

  get exit(): ProcessExit | undefined {
    return this.#process.exit;
  }

  /** Whether `text` stood anywhere in what it wrote, on either stream. */
  wrote(text: string): boolean {
    return this.#output.includes(text);
  }

  /** A request that is not yet written. */
  prepare(method: string, params: JsonObject = {}, more: JsonObject = {}): Asked & { readonly line: string } {
    const id = this.#nextId;
    this.#nextId += 1;
    this.judge.expect(id, method);
    const answer = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    return { id, method, answer, line: lineOf({ jsonrpc: '2.0', id, method, params, ...more }) };
  }

  /** Writes a request. */
  ask(method: string, params: JsonObject = {}, more: JsonObject = {}): Asked {
    const asked = this.prepare(method, params, more);
    this.write(asked.line);
    return asked;
  }

  /** Writes a notification. */
  tell(method: string, params: JsonObject): void {
    this.write(lineOf({ jsonrpc: '2.0', method, params }));
  }

  /** Writes bytes as they are. A plugin that has died shows by its exit. */
  write(bytes: string | Buffer): void {
    this.#recording?.hostWritesBytes(Buffer.from(bytes));
    if (!this.#process.stdin.destroyed) this.#process.stdin.write(bytes);
  }

  /** Writes bytes, and goes on once they have been handed over. */
  async writeApart(bytes: Buffer): Promise<void> {
    this.#recording?.hostWritesBytes(bytes);
    await new Promise<void>((resolve) => this.#process.stdin.write(bytes, () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The answer to a request; its absence breaks EN-4, or the clause that is named. */
  async answerTo(asked: Asked, options: { readonly clause?: string; readonly ms?: number } = {}): Promise<Answer> {
    const { clause = 'EN-4', ms = this.#patience.answerMs } = options;
    const answer = await Promise.race([within(ms, asked.answer), this.#death()]);
    if (answer !== undefined) return answer;
    throw new ClauseFailure(clause, `${this.#silence(ms)} before it answered '${asked.method}'${this.#lastWords()}`);
  }

  /** The result of a request; an error breaks `clause`. */
  async resultOf(asked: Asked, clause: string): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.answerTo(asked);
    if (answer.kind === 'result') return answer.result;
    const { code, message } = answer.error;
    throw new ClauseFailure(clause, `it answered '${asked.method}' with the error ${code}: ${message}`);
  }

  /** The first notification of a request that is of this kind, or `undefined` when it is answered first, or dies. */
  async note(asked: Asked, method: string): Promise<Note | undefined> {
    const find = (): Note | undefined => this.notes.find((note) => note.id === asked.id && note.method === method);
    const came = new Promise<void>((resolve) => {
      this.#onNote = () => (find() === undefined ? undefined : resolve());
    });
    await within(this.#patience.answerMs, Promise.race([came, asked.answer, this.#process.closed]));
    return find();
  }

  /** Whether the request is still open after `ms`. */
  async staysOpen(asked: Asked, ms: number): Promise<boolean> {
    return (await within(ms, Promise.race([asked.answer, this.#process.closed]))) === undefined;
  }

  endInput(): void {
    this.#process.stdin.end();
  }

  /** How it ended, if it has when the time is over. */
  async exitBefore(ms: number): Promise<ProcessExit | undefined> {
    return await within(ms, this.#process.exited);
  }

  /** How it ended, within the time; its absence breaks the clause. */
  async exitWithin(ms: number, clause: string): Promise<ProcessExit> {
    const exit = await this.exitBefore(ms);
    demand(exit !== undefined, clause, `its stdin had ended, but ${ms} ms later it was still there`);
    return exit;
  }

  /** Ends the process, if it has not ended, and judges its last words. */
  async close(): Promise<void> {
    if (this.#process.exit === undefined) await stopProcess(this.#process, STOP_TIMES);
    const exit = await within(LAST_OUTPUT_MS, this.#process.closed);
    if (exit?.signal === null) this.judge.onRest(this.#reader.rest());
  }

  async #death(): Promise<undefined> {
    await this.#process.closed;
    return undefined;
  }

  #silence(ms: number): string {
    const exit = this.#process.exit;
    if (exit === undefined) return `it was silent for ${ms} ms`;
    return exit.signal === null ? `it exited with code ${exit.code}` : `it was ended by ${exit.signal}`;
  }

  #lastWords(): string {
    const lines = this.stderrTail.slice(-SHOWN_LINES);
    return lines.length === 0 ? '' : `; its stderr ends with\n  | ${lines.join('\n  | ')}`;
  }

  #answered(id: number, answer: Answer): void {
    this.#waiting.get(id)?.(answer);
    this.#waiting.delete(id);
  }

  #noted(note: Note): void {
    this.notes.push(note);
    if (note.method === 'undo' && this.confirmsUndo) this.tell('undo_saved', { id: note.id, seq: note.seq });
    this.#onNote();
  }

  #hear(text: string): void {
    if (this.#output.length < KEPT_OUTPUT) this.#output += text;
  }
}

const STOP_TIMES = { endOfInputMs: 300, terminateMs: 300, killMs: 2000 };
const LAST_OUTPUT_MS = 1000;
const KEPT_OUTPUT = 1024 * 1024;
const SHOWN_LINES = 10;

function lineOf(frame: JsonObject): string {
  return encodeFrame(frame, {
    maxFrameBytes: DEFAULT_WIRE_LIMITS.max_frame_bytes,
    maxDepth: DEFAULT_WIRE_LIMITS.max_depth,
  });
}
