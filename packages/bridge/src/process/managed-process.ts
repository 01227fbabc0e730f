import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { killGroup, type SignalOutcome } from './kill-group.js';
import type { ProcessExit } from './process-exit.js';
import { registerGroup } from './process-registry.js';
import { StderrTail } from './stderr-tail.js';
import { TextLines, type Uncuttable } from './text-lines.js';

/** Who hears of the output of a process. Both streams are read at all times, so that the process never blocks on one. */
export interface OutputListener {
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (lines: readonly string[]) => void;
  /** What of stderr must not be cut in two where a line is too long. */
  readonly uncuttable?: Uncuttable | undefined;
}

/** A started process with its three pipes. */
export type PipedProcess = ChildProcess & {
  readonly stdin: Writable & Refable;
  readonly stdout: Readable & Refable;
  readonly stderr: Readable & Refable;
};

/** What keeps the event loop alive, unless told not to. */
interface Refable {
  ref?(): unknown;
  unref?(): unknown;
}

/**
 * One running process and the group that it leads, from its start until nothing of it is left. Its end has two moments:
 * `exited`, when the process is gone, and `closed`, when its last output has been read as well.
 */
export class ManagedProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stderrTail = new StderrTail();
  readonly exited: Promise<ProcessExit>;
  readonly closed: Promise<ProcessExit>;
  /** The process closed its stdout, mostly by ending. */
  readonly stdoutEnded: Promise<void>;
  readonly #child: PipedProcess;
  #exit: ProcessExit | undefined;

  constructor(child: PipedProcess, pid: number, listener: OutputListener) {
    this.#child = child;
    this.pid = pid;
    this.stdin = child.stdin;
    // the error of a write is given to its callback; without a listener it would end the host as well
    this.stdin.on('error', () => this.stdin.destroy());
    this.stdoutEnded = this.#readStdout(listener);
    const outputRead = Promise.all([this.stdoutEnded, this.#readStderr(listener)]);
    this.exited = this.#watchExit(registerGroup(pid));
    this.closed = this.exited.then(async (exit) => await this.#close(exit, outputRead));
  }

  /** How the process ended, once it has. */
  get exit(): ProcessExit | undefined {
    return this.#exit;
  }

  /** Sends a signal to the process and all that it started. */
  signal(signal: NodeJS.Signals): SignalOutcome {
    return this.#exit === undefined ? killGroup(this.pid, signal) : 'gone';
  }

  /** Keeps the host's event loop alive while somebody waits for this process, and lets it end when nobody does. */
  keepHostAlive(alive: boolean): void {
    const handles: readonly Refable[] = [this.#child, this.#child.stdin, this.#child.stdout, this.#child.stderr];
    for (const handle of handles) {
      if (alive) handle.ref?.();
      else handle.unref?.();
    }
  }

  async #watchExit(unregister: () => void): Promise<ProcessExit> {
    return await new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#exit = { code, signal };
        killGroup(this.pid, 'SIGKILL'); // what it left behind; this also closes the pipes that they share
        unregister();
        resolve(this.#exit);
      });
    });
  }

  /** Does not wait for ever: a process outside the group may hold the other end of a pipe. */
  async #close(exit: ProcessExit, outputRead: Promise<unknown>): Promise<ProcessExit> {
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise((resolve) => {
      timer = setTimeout(resolve, LAST_OUTPUT_MS);
    });
    await Promise.race([outputRead, timeout]);
    clearTimeout(timer);
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) stream.destroy();
    return exit;
  }

  async #readStdout(listener: OutputListener): Promise<void> {
    this.#child.stdout.on('data', listener.onStdout);
    await ended(this.#child.stdout);
  }

  async #readStderr(listener: OutputListener): Promise<void> {
    const text = new TextLines(listener.uncuttable);
    const pass = (lines: readonly string[]): void => {
      if (lines.length === 0) return;
      this.stderrTail.add(lines);
      listener.onStderr(lines);
    };
    this.#child.stderr.on('data', (chunk: Buffer) => pass(text.push(chunk)));
    await ended(this.#child.stderr);
    pass(text.end());
  }
}

const LAST_OUTPUT_MS = 100;

async function ended(stream: Readable): Promise<void> {
  await new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('end', resolve);
    stream.once('error', () => resolve()); // a broken pipe is an end as well; the exit tells what happened
  });
}
