type Write = (text: string) => void;

/**
 * What the command itself prints. Steps of the user live in this process too, and print; while a run is shown, theirs can
 * be led elsewhere by {@link Output.divert}, so that it disturbs neither the bars nor the events on stdout.
 */
export class Output {
  readonly #writeStdout = process.stdout.write.bind(process.stdout);
  readonly #writeStderr = process.stderr.write.bind(process.stderr);
  #isBroken = false;

  constructor() {
    // Whoever read our output has gone (`| head`). A run is not defined by its readers, so it goes on, unheard.
    process.stdout.on('error', () => (this.#isBroken = true));
    process.stderr.on('error', () => undefined);
  }

  /** Writes to stdout. */
  write(text: string): void {
    if (!this.#isBroken) this.#writeStdout(text);
  }

  /** Writes a line to stdout. */
  line(text: string): void {
    this.write(`${text}\n`);
  }

  /** Writes a line to stderr. */
  problem(text: string): void {
    this.#writeStderr(`${text}\n`);
  }

  /** The terminal behind stdout, for a view that needs its size; what is written to it is never diverted. */
  terminal(): NodeJS.WriteStream {
    const write: Write = (text) => this.write(text);
    return Object.create(process.stdout, { write: { value: write } }) as NodeJS.WriteStream;
  }

  /** Leads what others print with `console` or `process.stdout` to `take`, until the returned function is called. */
  divert(take: Write): () => void {
    const restore = [redirect(process.stdout, take), redirect(process.stderr, take)];
    return () => {
      for (const undo of restore) undo();
    };
  }

  /** Leads what others print on stdout to stderr, so that stdout is ours alone. */
  keepStdout(): void {
    redirect(process.stdout, (text) => this.#writeStderr(text));
  }
}

function redirect(stream: NodeJS.WriteStream, take: Write): () => void {
  const own = Object.getOwnPropertyDescriptor(stream, 'write');
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
    take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
    const done = rest.find((argument) => typeof argument === 'function') as (() => void) | undefined;
    if (done) process.nextTick(done);
    return true;
  };
  Object.defineProperty(stream, 'write', { value: write, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(stream, 'write', own);
    else Reflect.deleteProperty(stream, 'write');
  };
}
