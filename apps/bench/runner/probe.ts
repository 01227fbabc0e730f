// A probe is a program that measures one candidate when it is asked to: a JSON line in, a JSON line out. Each candidate has
// a process of its own, so that none is measured with the compiled code, heap and garbage of another.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

export interface ProbeCommand {
  /** Argument vector; the first is the program. */
  readonly command: readonly string[];
  readonly cwd?: string;
}

const greetingSchema = z.object({ ready: z.literal(true), version: z.string() });
const answerSchema = z.union([
  z.object({
    value: z.number(),
    heldBytes: z.number().optional(),
    processorSeconds: z.number().optional(),
    peakBytes: z.number().optional(),
  }),
  z.object({ error: z.string() }),
]);

export interface ProbeAnswer {
  readonly value: number;
  /** What the result holds in memory, where that was asked for. */
  readonly heldBytes?: number | undefined;
  /** What the measured process used of the processor meanwhile, where that was asked for. */
  readonly processorSeconds?: number | undefined;
  /** The most memory that the measured process has had so far, where that was asked for. */
  readonly peakBytes?: number | undefined;
}

const patienceMs = 300_000;
const farewellMs = 10_000;
const stderrKept = 4000;

export class Probe implements AsyncDisposable {
  /** Of what is measured, as the probe itself read it. */
  readonly version: string;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: Lines;

  private constructor(child: ChildProcessWithoutNullStreams, lines: Lines, version: string) {
    this.#child = child;
    this.#lines = lines;
    this.version = version;
  }

  /** Starts a probe and waits until it is ready. @throws Error with what it printed when it is not. */
  static async start({ command: [program = '', ...args], cwd }: ProbeCommand): Promise<Probe> {
    const child = spawn(program, args, { ...(cwd !== undefined && { cwd }), stdio: 'pipe' });
    const lines = new Lines(child, [program, ...args].join(' '));
    try {
      const { version } = greetingSchema.parse(await lines.next());
      return new Probe(child, lines, version);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async measure(request: Readonly<Record<string, unknown>>): Promise<ProbeAnswer> {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
    const answer = answerSchema.parse(await this.#lines.next());
    if ('error' in answer) throw new Error(answer.error);
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), farewellMs);
    await this.#lines.closed;
    clearTimeout(timer);
  }
}

/** The command that runs a program of the folder `probes` in a Node of its own. */
export function nodeProbe(
  program: string,
  args: readonly string[] = [],
  nodeOptions: readonly string[] = [],
): ProbeCommand {
  return { command: [process.execPath, ...nodeOptions, probeFile(program), ...args] };
}

export function probeFile(program: string): string {
  return fileURLToPath(new URL(`../probes/${program}`, import.meta.url));
}

/** What a child prints, a JSON line at a time; its end and its silence are errors. */
class Lines {
  readonly closed: Promise<void>;
  readonly #iterator: AsyncIterator<string>;
  readonly #title: string;
  #stderr = '';

  constructor(child: ChildProcessWithoutNullStreams, title: string) {
    this.#title = title;
    const reader: Interface = createInterface({ input: child.stdout });
    this.#iterator = reader[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-stderrKept);
    });
    child.stdin.on('error', (error) => (this.#stderr += `\n${error.message}`));
    this.closed = new Promise((resolve) => {
      child.once('error', (error) => {
        this.#stderr += error.message;
        reader.close();
        resolve();
      });
      child.once('close', () => resolve());
    });
  }

  async next(): Promise<unknown> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${this.#title}: no answer in ${patienceMs / 1000} s.`)), patienceMs);
    });
    try {
      const line = await Promise.race([this.#iterator.next(), silence]);
      if (!line.done) return JSON.parse(line.value);
    } finally {
      clearTimeout(timer);
    }
    await this.closed;
    throw new Error(`${this.#title}: ended without an answer.\n${this.#stderr}`);
  }
}
