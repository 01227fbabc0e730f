import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';

const PROGRAM = new URL('run-backend.ts', import.meta.url).pathname;

export interface ProcessOptions {
  /** A command that runs the one that follows it. */
  readonly wrapper?: readonly string[];
  readonly keepFreeBytes?: number;
}

interface Announcement {
  readonly url: string;
  readonly pid: number;
}

/** A backend in a process of its own, which can be killed as a crash would, or run where there is little room. */
export class BackendProcess implements AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly #child: ChildProcess;
  readonly #lines: Interface;

  private constructor(child: ChildProcess, lines: Interface, { url, pid }: Announcement) {
    this.#child = child;
    this.#lines = lines;
    this.url = url;
    this.pid = pid;
  }

  static async start(dir: string, { wrapper = [], keepFreeBytes = 0 }: ProcessOptions = {}): Promise<BackendProcess> {
    const node = [
      process.execPath,
      '--conditions=@synapse-steps/source',
      '--import',
      import.meta.resolve('tsx'),
      PROGRAM,
      dir,
      String(keepFreeBytes),
    ];
    const [command = '', ...args] = [...wrapper, ...node];
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const failed = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The backend ended with ${String(code)}.`)),
    );
    failed.catch(() => undefined); // once it answers, its end is what the test wants
    const lines = createInterface({ input: child.stdout });
    const [line] = (await Promise.race([once(lines, 'line'), failed])) as [string];
    return new BackendProcess(child, lines, JSON.parse(line) as Announcement);
  }

  /** Ends it in good order. Resolves to the most memory that it had, in bytes. */
  async stop(): Promise<number> {
    const line = once(this.#lines, 'line');
    const gone = once(this.#child, 'exit');
    process.kill(this.pid, 'SIGTERM');
    const [text] = (await line) as [string];
    await gone;
    return (JSON.parse(text) as { peakBytes: number }).peakBytes;
  }

  /** Ends it without a last word. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    process.kill(this.pid, signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }
}
