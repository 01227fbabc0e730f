import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { pythonRuntimeFolder } from '../src/python/runtime-folder.js';
import { leavesCleanScene } from './clean-scene.js';
import { fixturePath, SERVED_FAULTS, TYPESCRIPT } from './open-fixture.js';
import { until } from './processes.js';

type Message = Record<string, unknown>;

/** Over what a step is called. */
interface CallOver {
  readonly full?: Message;
  readonly stepParams?: Message;
}

/** The programs that serve the same two steps, `wait` and `echo`, with an SDK. */
export const SDK_PLUGINS: readonly (readonly [language: string, command: readonly string[]])[] = [
  ['Python', ['python3', pythonRuntimeFolder(), fixturePath('faults/waits.py')]],
  ['Node', [process.execPath, ...TYPESCRIPT, SERVED_FAULTS]],
];

/** A host that writes whatever bytes a test wants, to see what a plugin makes of them. */
export class RawHost {
  readonly frames: Message[] = [];
  /** The lines of the frames, as they came. */
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  #buffered = '';
  #ended = false;

  constructor(command: readonly string[]) {
    leavesCleanScene();
    const [program = '', ...args] = command;
    const child = spawn(program, args, {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...process.env, STEP_PROTOCOL_SESSION: 'raw-host' },
    });
    this.#child = child;
    child.stdin.on('error', () => child.stdin.destroy());
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#read(text));
    child.stdout.on('close', () => {
      this.#ended = true;
    });
    onTestFinished(() => {
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    });
  }

  write(bytes: string | Buffer): void {
    this.#child.stdin?.write(bytes);
  }

  send(message: Message): void {
    this.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  execute(id: number, step: string, over: CallOver = {}): void {
    this.send(RawHost.request(id, step, over));
  }

  /** What {@link execute} sends. */
  static request(id: number, step: string, { full = {}, stepParams = {} }: CallOver = {}): Message {
    const call = { run_id: 'r', step, params: {}, step_params: stepParams, context: { rev: 1, full } };
    return { jsonrpc: '2.0', id, method: 'execute', params: { ...call, attempt: 1, idempotency_key: 'k' } };
  }

  /** The answer to a request, once it is there. */
  async answer(id: number | null): Promise<Message> {
    await until(() => this.answers(id).length > 0, { what: `request ${id} is answered`, ms: 10_000 });
    return this.answers(id)[0] ?? {};
  }

  answers(id: number | null): Message[] {
    return this.frames.filter((frame) => frame['id'] === id && frame['method'] === undefined);
  }

  /** Ends stdin and waits until nobody holds the plugin's stdout any more. */
  async end(): Promise<void> {
    this.#child.stdin?.end();
    await until(() => this.#ended, { what: 'the plugin closes its stdout' });
  }

  #read(text: string): void {
    const lines = (this.#buffered + text).split('\n');
    this.#buffered = lines.pop() ?? '';
    for (const line of lines.filter((text) => text.startsWith('{'))) {
      this.lines.push(line);
      this.frames.push(JSON.parse(line) as Message);
    }
  }
}
