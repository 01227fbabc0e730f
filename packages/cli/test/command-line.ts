import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandUnderTest } from './command-under-test.js';

/** The folder of the fixture projects. */
export const projects = fileURLToPath(new URL('../../../test-fixtures/projects/', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Runs the command in a pseudo-terminal of that many columns. */
  readonly columns?: number;
}

/** An empty working directory in which the real command is run; it knows whether a process was left behind. */
export class CommandLine implements AsyncDisposable {
  readonly folder: string;
  /** Plugins inherit variables that begin with LC_; so do their children. */
  readonly #mark = randomUUID();
  readonly #started: ChildProcessWithoutNullStreams[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<CommandLine> {
    return new CommandLine(await mkdtemp(join(tmpdir(), 'synapse-steps-cli-')));
  }

  /** Runs the command to its end. */
  async run(args: readonly string[], options: StartOptions = {}): Promise<Finished> {
    return await this.start(args, options).finished;
  }

  start(args: readonly string[], { env = {}, columns }: StartOptions = {}): RunningCommand {
    const inTerminal = columns === undefined ? [] : ['python3', pseudoTerminal, String(columns)];
    const [program = '', ...rest] = [...inTerminal, ...commandUnderTest, ...args];
    const child = spawn(program, rest, {
      cwd: this.folder,
      env: { ...cleanEnvironment(), LC_SYNAPSE_STEPS_TEST: this.#mark, ...env },
      stdio: 'pipe',
    });
    this.#started.push(child);
    return new RunningCommand(child);
  }

  async files(): Promise<string[]> {
    return (await readdir(this.folder)).toSorted();
  }

  async write(name: string, text = ''): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** Resolves once there is a file of that name. */
  async appears(name: string): Promise<void> {
    const stop = new AbortController();
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (existsSync(join(this.folder, name))) resolve();
      };
      watch(this.folder, { signal: stop.signal }, look);
      look();
    });
    stop.abort();
  }

  /** The ids of living processes that the command started, itself included. Linux tells; elsewhere nothing is known. */
  async leftProcesses(): Promise<string[]> {
    const ids = await readdir('/proc').catch(() => []);
    const found = await Promise.all(ids.filter((id) => /^\d+$/.test(id)).map(async (id) => await this.#isOurs(id)));
    return found.filter((id) => id !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#started) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await rm(this.folder, { recursive: true, force: true });
  }

  async #isOurs(id: string): Promise<string | undefined> {
    const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => ''); // gone meanwhile, or not ours to read
    return environment.includes(this.#mark) ? id : undefined;
  }
}

const pseudoTerminal = fileURLToPath(new URL('pseudo-terminal.py', import.meta.url));

/** Without what a test runner or a CI system sets, which changes colours. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const { CI: _ci, FORCE_COLOR: _force, NO_COLOR: _no, NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
  return { ...env, TERM: 'xterm-256color' };
}

/** A command that was started, and what it has printed so far. */
export class RunningCommand {
  readonly finished: Promise<Finished>;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #looks = new Set<() => void>();
  stdout = '';
  stderr = '';

  constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#take('stdout', text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#take('stderr', text));
    this.finished = new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr }));
    });
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Types into the terminal. */
  type(text: string): void {
    this.#child.stdin.write(text);
  }

  /** Reads no further, as `head` does. */
  closeStdout(): void {
    this.#child.stdout.destroy();
  }

  /** Waits until what was printed matches; fails when the command ends before. */
  async prints(expected: RegExp, stream: 'stdout' | 'stderr' = 'stdout'): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!expected.test(this[stream])) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
      void this.finished.then(({ stdout, stderr }) =>
        reject(new Error(`It ended without printing ${String(expected)} to ${stream}:\n${stdout}\n${stderr}`)),
      );
    });
  }

  #take(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const look of this.#looks) look();
  }
}
