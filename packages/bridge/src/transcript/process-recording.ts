import { isUtf8 } from 'node:buffer';
import type { FrameListener } from '../framing/frame-reader.js';
import { LineSplitter } from '../framing/line-splitter.js';
import { parseFrame } from '../framing/parse-frame.js';
import { DEFAULT_WIRE_LIMITS } from '../protocol/limits.js';
import type { ManagedProcess } from '../process/managed-process.js';
import type { TranscriptFile, UntimedEntry } from './transcript-file.js';
import { TranscriptRedaction } from './transcript-redaction.js';

/** Records one life of a plugin's process: what the host writes, what comes back, what it prints, and how it ends. */
export class ProcessRecording {
  readonly #file: TranscriptFile;
  readonly #process: number;
  readonly #redaction = new TranscriptRedaction();
  readonly #hostBytes = new LineSplitter(
    { onLine: (line) => this.#hostLine(line), onTooLong: (beginning) => this.#hostLine(beginning) },
    { maxBytes: DEFAULT_WIRE_LIMITS.max_frame_bytes },
  );

  constructor(file: TranscriptFile, plugin: string) {
    this.#file = file;
    this.#process = file.beginProcess();
    this.#write({ dir: 'start', plugin });
  }

  /** The host writes a message. */
  hostWrites(frame: Readonly<Record<string, unknown>>): void {
    const shown = this.#redaction.ofHost(frame);
    const match = volatileParts(frame);
    this.#write({ dir: 'h>p', frame: shown, ...(match !== undefined && { match }) });
  }

  /** The host writes whatever bytes it likes, as a clumsy one does: lines that are messages count as such. */
  hostWritesBytes(bytes: Buffer): void {
    this.#hostBytes.push(bytes);
  }

  /** Records what a reader finds on its way to `listener`. */
  listensTo(listener: FrameListener): FrameListener {
    return {
      onFrame: (parsed) => {
        const frame = this.#redaction.ofValue(parsed.value) as Record<string, unknown>;
        const match = volatileParts(parsed.value as Record<string, unknown>);
        this.#write({ dir: 'p>h', frame, ...(match !== undefined && { match }) });
        listener.onFrame(parsed);
      },
      onStray: (text, problem) => {
        this.#write({ dir: 'p>h', ...this.#lineOf(text) });
        listener.onStray(text, problem);
      },
      onTooLarge: (beginning) => {
        this.#write({ dir: 'p>h', ...this.#lineOf(beginning) });
        listener.onTooLarge(beginning);
      },
    };
  }

  /** The plugin printed lines to stderr. */
  prints(lines: readonly string[]): void {
    for (const text of lines) this.#write({ dir: 'err', text: this.#redaction.ofText(text) });
  }

  /** Records the end of the process's stdin, and of itself once its last output has been read. */
  follows(process: ManagedProcess): void {
    process.stdin.once('finish', () => this.#write({ dir: 'h>p', end: true }));
    void process.closed.then(({ code, signal }) => {
      this.#write({ dir: 'exit', code, signal });
      this.#file.endProcess();
    });
  }

  /** There is no such process: it could not be started. */
  givesUp(): void {
    this.#file.endProcess();
  }

  #hostLine(line: Buffer): void {
    const parsed = parseFrame(line, { maxDepth: DEFAULT_WIRE_LIMITS.max_depth });
    if (parsed.ok) this.hostWrites(parsed.value as Record<string, unknown>);
    else this.#write({ dir: 'h>p', ...this.#lineOf(line) });
  }

  #lineOf(bytes: Buffer): { readonly text: string } | { readonly raw: string } {
    if (isUtf8(bytes)) return { text: this.#redaction.ofText(bytes.toString('utf8')) };
    return { raw: this.#redaction.ofBytes(bytes).toString('base64') };
  }

  #write(entry: UntimedEntry): void {
    this.#file.write({ process: this.#process, ...entry });
  }
}

const TEXT = { $type: 'string' };
const ANY = { $any: true };

/** What is another one each time, so that a replay of the recording does not ask for it. */
function volatileParts(frame: Readonly<Record<string, unknown>>): unknown {
  switch (frame['method']) {
    case 'initialize':
      return { params: { host: ANY, session: TEXT, limits: ANY, work_dir: TEXT, exchange_dir: ANY, secrets: ANY } };
    case 'can_skip':
      return { params: { run_id: TEXT } };
    case 'execute':
      return { params: { run_id: TEXT, idempotency_key: TEXT, deadline_ms: ANY } };
    case 'rollback':
      return { params: { run_id: TEXT, idempotency_key: TEXT } };
    default:
      return isException(frame['result']) ? { result: { cause: ANY } } : undefined;
  }
}

/** A traceback names files and lines, which are others elsewhere. */
function isException(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'cause' in result && result.cause !== null;
}
