import { StringDecoder } from 'node:string_decoder';
import {
  describeExit,
  startProcess,
  stopProcess,
  terminateProcess,
  type ManagedProcess,
} from '@synapse-steps/bridge/process';
import { z } from 'zod';
import { HELD_LOCK_SCRIPT } from './held-lock-script.js';

export interface EnvironmentLockOptions {
  /** The Python that holds it. */
  readonly python: string;
  /** Absolute; its folder is made where it is missing. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** Somebody else holds it: this is called once, and then it is waited for. */
  readonly onWait: () => void;
  /** Ends the wait, or whatever runs. */
  readonly signal: AbortSignal | undefined;
}

/** What runs while the lock is held. */
export interface LockedCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line that it printed. */
  readonly onLine: (line: string) => void;
}

/** What a command came to: its exit code (negative: the number of a signal), and its last lines. */
export interface CommandOutcome {
  readonly code: number;
  readonly lines: readonly string[];
}

/** The only maker of an environment, as long as it holds this. Commands run inside it, and end with it. */
export class EnvironmentLock implements AsyncDisposable {
  readonly #answers: AnswerQueue;
  readonly #process: ManagedProcess;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => void terminateProcess(this.#process);

  private constructor(process: ManagedProcess, answers: AnswerQueue, signal: AbortSignal | undefined) {
    this.#process = process;
    this.#answers = answers;
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort);
    void process.closed.then((exit) =>
      answers.end([`the process that makes it ${describeExit(exit)}`, ...process.stderrTail.lines(3)].join(': ')),
    );
    if (signal?.aborted) this.#onAbort();
  }

  /** Waits for the lock. @throws the reason of the signal, or an Error when the folder refuses it. */
  static async acquire(options: EnvironmentLockOptions): Promise<EnvironmentLock> {
    const { signal } = options;
    signal?.throwIfAborted();
    const answers = new AnswerQueue();
    const process = await startProcess({
      command: [options.python, '-I', '-S', '-X', 'utf8', '-c', HELD_LOCK_SCRIPT, options.file],
      cwd: '/',
      env: options.env,
      onStdout: (chunk) => answers.push(chunk),
      onStderr: () => undefined, // its tail is kept by the process
    });
    const lock = new EnvironmentLock(process, answers, signal);
    try {
      await lock.#untilLocked(options);
      return lock;
    } catch (error) {
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs a command to its end. @throws the reason of the signal, or an Error when it could not be started. */
  async run(command: LockedCommand): Promise<CommandOutcome> {
    const { onLine, ...sent } = command;
    this.#signal?.throwIfAborted();
    this.#process.stdin.write(`${JSON.stringify(sent)}\n`);
    const lines: string[] = [];
    for (;;) {
      const answer = await this.#next();
      if (answer.state === 'done') return { code: answer.code, lines };
      if (answer.state !== 'line') throw new Error(failureOf(answer));
      lines.push(answer.text);
      if (lines.length > MAX_LINES) lines.shift();
      onLine(answer.text);
    }
  }

  /** Removes the lock and its folder, where there is nothing else in it. Does nothing when the lock is lost already. */
  async forget(): Promise<void> {
    this.#process.stdin.write('{"forget":true}\n');
    await this.#answers.next().catch(() => undefined); // it is lost: then it is for the next holder to tidy up
  }

  /** Gives it free; nothing that ran in it is left when this resolves. */
  async [Symbol.asyncDispose](): Promise<void> {
    await stopProcess(this.#process);
    await this.#process.closed;
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }

  async #untilLocked({ onWait }: EnvironmentLockOptions): Promise<void> {
    let answer = await this.#next();
    if (answer.state === 'waiting') {
      onWait();
      answer = await this.#next();
    }
    if (answer.state !== 'locked') throw new Error(failureOf(answer));
  }

  async #next(): Promise<Answer> {
    try {
      return await this.#answers.next();
    } catch (error) {
      this.#signal?.throwIfAborted(); // it was ended because of that
      throw error;
    }
  }
}

const MAX_LINES = 256;

const answerSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('waiting') }),
  z.object({ state: z.literal('locked') }),
  z.object({ state: z.literal('line'), text: z.string() }),
  z.object({ state: z.literal('done'), code: z.int() }),
  z.object({ state: z.literal('failed'), error: z.string() }),
]);

type Answer = z.infer<typeof answerSchema>;

function parseAnswer(line: string): Answer {
  try {
    return answerSchema.parse(JSON.parse(line));
  } catch {
    return { state: 'failed', error: `the process that makes it said '${line.slice(0, 200)}'` };
  }
}

function failureOf(answer: Answer): string {
  return answer.state === 'failed' ? answer.error : `'${answer.state}' is not what was waited for`;
}

/** The answers of the process, each given to whoever asks next. */
class AnswerQueue {
  readonly #answers: Answer[] = [];
  readonly #decoder = new StringDecoder('utf8');
  #rest = '';
  #ended: string | undefined;
  #wake: () => void = () => {};

  push(chunk: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    this.#answers.push(...lines.map(parseAnswer));
    this.#wake();
  }

  /** There will be no more. */
  end(why: string): void {
    this.#ended = why;
    this.#wake();
  }

  async next(): Promise<Answer> {
    for (;;) {
      const answer = this.#answers.shift();
      if (answer !== undefined) return answer;
      if (this.#ended !== undefined) throw new Error(this.#ended);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
