import type { World } from './world.js';

type Line = Readonly<Record<string, unknown>>;
type Answer = 'sent' | 'failed' | 'unconfirmed';

export interface QueueOptions {
  readonly batchSize: number;
  readonly interval: number;
  /** What else goes out on the occasion. */
  readonly beforeSend: () => void;
  readonly send: (lines: readonly Line[]) => Answer;
}

/** How the SDK's JobLogger sends lines without its background thread; with `spare-the-backend` and `waiting-by-bytes`, how ours does. */
export class ModelLogQueue {
  dropped = 0;
  unconfirmed = 0;
  readonly #lines: Line[] = [];
  #last: number;
  #pause = 0;
  #failedAt = -Infinity;
  readonly #world: World;
  readonly #options: QueueOptions;

  constructor(world: World, options: QueueOptions) {
    this.#world = world;
    this.#options = options;
    this.#last = world.seconds;
  }

  get size(): number {
    return this.#lines.length;
  }

  add(line: Line): void {
    if (this.#isPatient) {
      this.#lines.push(line);
      this.#trim();
      this.flushDue();
    } else if ('file' in line) {
      this.flush();
      this.#attempt([line]);
    } else {
      this.#lines.push(line);
      this.#trim();
      this.flushDue();
    }
  }

  flushDue(): void {
    if (this.#isDue()) this.#options.beforeSend();
    while (this.#isDue()) if (!this.#attempt(this.#next())) return;
  }

  /** Sends all that waits; stops at the first failure. */
  flush(): void {
    while (this.#lines.length > 0) if (!this.#attempt(this.#next())) return;
  }

  /** One line on its own; it joins the others when that fails. */
  sendAlone(line: Line): void {
    this.#attempt([line]);
  }

  get #isPatient(): boolean {
    return this.#world.differs('spare-the-backend');
  }

  #isDue(): boolean {
    const { batchSize, interval } = this.#options;
    const { seconds } = this.#world;
    if (this.#lines.length === 0) return false;
    if (this.#isPatient && seconds - this.#failedAt < this.#pause) return false;
    const hasFile = this.#isPatient && this.#lines.some((line) => 'file' in line);
    return hasFile || this.#lines.length >= batchSize || seconds - this.#last >= interval;
  }

  #next(): Line[] {
    const file = this.#isPatient ? this.#lines.findIndex((line) => 'file' in line) : -1;
    return this.#lines.splice(0, file === 0 ? 1 : Math.min(1000, file < 0 ? this.#lines.length : file));
  }

  #attempt(lines: readonly Line[]): boolean {
    this.#last = this.#world.seconds;
    const answer = this.#options.send(lines);
    if (answer === 'unconfirmed') this.unconfirmed += lines.length;
    if (answer !== 'failed') {
      if (answer === 'sent') this.#pause = 0;
      return true;
    }
    this.#failedAt = this.#world.seconds;
    this.#pause = Math.min(60, Math.max(1, this.#pause * 2));
    this.#lines.unshift(...lines);
    this.#trim();
    return false;
  }

  #trim(): void {
    if (this.#world.differs('waiting-by-bytes')) return; // no recorded run has so many megabytes of them
    const surplus = Math.max(0, this.#lines.length - 2000);
    this.dropped += surplus;
    this.#lines.splice(0, surplus);
  }
}
