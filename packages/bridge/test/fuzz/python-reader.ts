import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { pythonRuntimeFolder } from '../../src/python/runtime-folder.js';
import { type FuzzCase, sameText, type Reading } from './reading.js';

/** What `read_frames.py` says of one line. */
interface PythonLine {
  readonly shape?: string;
  readonly value?: string;
  readonly refused?: string;
}

/** The reader of the Python runtime, in one process for very many cases. */
export class PythonReader {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;
  readonly #lines: Interface;

  constructor() {
    this.#child = spawn('python3', [fileURLToPath(new URL('read_frames.py', import.meta.url))], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, PYTHONPATH: dirname(pythonRuntimeFolder()), PYTHONDONTWRITEBYTECODE: '1' },
    });
    this.#lines = createInterface({ input: this.#child.stdout });
    this.#answers = this.#lines[Symbol.asyncIterator]();
  }

  /** What it makes of one stream. Throws when the process has died of it. */
  async read({ stream, limit }: FuzzCase): Promise<Reading> {
    this.#child.stdin.write(`${JSON.stringify({ limit, stream: stream.toString('base64') })}\n`);
    const next = await this.#answers.next();
    if (next.done === true) throw new Error(`The Python reader died of the stream ${stream.toString('base64')}.`);
    const answer = JSON.parse(next.value) as { lines: PythonLine[]; unstable: number | null };
    return {
      unstable: answer.unstable ?? undefined,
      lines: answer.lines.map((line) =>
        line.shape === undefined
          ? { refused: line.refused ?? '' }
          : { shape: line.shape, value: sameText(JSON.parse(line.value ?? 'null')) },
      ),
    };
  }

  async close(): Promise<void> {
    this.#child.stdin.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
    this.#lines.close();
  }
}
