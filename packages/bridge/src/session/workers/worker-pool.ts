import { errorMessage } from '@synapse-steps/core';
import type { ConnectionSettings } from '../connection-settings.js';
import { onAbort } from '../abort-watch.js';
import { RestartBudgets } from '../restart-budget.js';
import { type Clock, SYSTEM_CLOCK } from './clock.js';
import { budgetError, closedError, crowdedError } from './pool-error.js';
import { WaitingLine } from './waiting-line.js';
import { type Life, type Need, Worker } from './worker.js';

/** What a pool works with. */
export interface WorkerPoolOptions {
  readonly settings: ConnectionSettings;
  /** Starts one more process and shakes hands with it. */
  readonly start: (signal: AbortSignal) => Promise<Life>;
}

/**
 * The processes of one plugin. They are a cache: started when a call needs one, ended when they were idle for long or have
 * served enough, and started again when they died. Never are there more than `workers` of them, those that are ending
 * included; a call that finds none free waits for its turn.
 */
export class WorkerPool {
  readonly #settings: ConnectionSettings;
  readonly #start: WorkerPoolOptions['start'];
  readonly #clock: Clock;
  readonly #line = new WaitingLine<Need, Worker>();
  readonly #workers = new Set<Worker>();
  readonly #budgets: RestartBudgets;
  readonly #stopStarting = new AbortController();
  readonly #starts = new Set<Promise<void>>();
  /** Processes that were lost and have not been replaced yet. */
  #losses = 0;
  #stopSweep: (() => void) | undefined;
  #isClosed = false;

  constructor({ settings, start }: WorkerPoolOptions) {
    this.#settings = settings;
    this.#start = start;
    this.#clock = settings.clock ?? SYSTEM_CLOCK;
    this.#budgets = new RestartBudgets(settings.limits, this.#clock);
  }

  /** The processes that are alive. */
  get lives(): readonly Life[] {
    return [...this.#workers].filter((worker) => worker.isAlive).map(({ life }) => life);
  }

  /** Takes in a process that was started by somebody else. */
  add(life: Life): void {
    const worker = new Worker(life, this.#settings.limits, this.#clock.now());
    this.#workers.add(worker);
    void life.connection.lost.then(() => this.#onGone(worker));
    this.#sweepLater();
    this.#startAhead();
  }

  /**
   * Takes a process, at once if one is free, until it is given back by {@link release}.
   *
   * @throws PluginError when none can be started or too many wait already; the signal's reason when it aborts meanwhile.
   */
  lease(need: Need, signal?: AbortSignal): Worker | Promise<Worker> {
    if (this.#isClosed) throw closedError(this.#settings.plugin);
    signal?.throwIfAborted();
    const free = this.#line.length === 0 ? this.#workerFor(need) : undefined;
    if (free === undefined) return this.#wait(need, signal);
    free.take(need);
    return free;
  }

  /** A call is over: its process may serve another one. */
  release(worker: Worker): void {
    worker.release(this.#clock.now());
    if (worker.isIdle && worker.isSpent) worker.retire();
    this.#sweepLater();
    this.#serve();
  }

  async #wait(need: Need, signal?: AbortSignal): Promise<Worker> {
    const { plugin, limits } = this.#settings;
    // an undo is never turned away: what it is to undo would stay
    if (this.#line.length >= limits.maxQueuedCalls && need.undoOf === undefined) throw crowdedError(plugin, limits);
    const place = this.#line.join(need, signal);
    this.#serve();
    try {
      return await place;
    } catch (error) {
      this.#serve(); // whoever stood behind it may want less
      throw error;
    }
  }

  /** Ends all processes, those that are starting included, and fails the calls that wait. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopSweep?.();
    const error = closedError(this.#settings.plugin);
    this.#stopStarting.abort(error);
    this.#line.refuseAll(error);
    await Promise.all([...this.#workers].map(async ({ life }) => await life.connection.close()));
    await Promise.all(this.#starts);
  }

  /** Lets those in who can be served, the first ones first; processes are started for the others, if there may be more. */
  #serve(): void {
    for (let first = this.#line.first; first !== undefined; first = this.#line.first) {
      const worker = this.#workerFor(first.need);
      if (worker === undefined) break;
      worker.take(first.need);
      first.enter(worker);
    }
    const { first } = this.#line;
    if (first === undefined) return;
    while (this.#starts.size < this.#line.length && this.#hasRoom) this.#grow();
    if (first.need.isPrivate) this.#makeRoom();
  }

  /** The one with the least to do. */
  #workerFor(need: Need): Worker | undefined {
    let found: Worker | undefined;
    for (const worker of this.#workers) {
      if (worker.canTake(need) && worker.open < (found?.open ?? Infinity)) found = worker;
    }
    return found;
  }

  /** For a call that wants a fresh process one that is idle must go, unless a place will be free anyway. */
  #makeRoom(): void {
    if (this.#starts.size > 0 || [...this.#workers].some((worker) => worker.isEnding)) return;
    this.#idleWorkers()[0]?.retire();
  }

  get #hasRoom(): boolean {
    return this.#workers.size + this.#starts.size < this.#settings.workers && !this.#isClosed;
  }

  /** Starts one more process, for whoever waits first when it is ready. */
  #grow(): void {
    const start = this.#startOne().then(
      () => true,
      (error: unknown) => this.#onFailedStart(error),
    );
    const done = start.then((goesOn) => {
      this.#starts.delete(done);
      if (goesOn) this.#serve();
    });
    this.#starts.add(done);
  }

  async #startOne(): Promise<void> {
    await this.#payForLoss();
    if (this.#isClosed) return;
    try {
      const life = await this.#start(this.#stopStarting.signal);
      this.add(life);
      if (this.#isClosed) await life.connection.close();
    } catch (error) {
      this.#losses += 1;
      throw error;
    }
  }

  /** A process that replaces a lost one costs a restart, and a pause. */
  async #payForLoss(): Promise<void> {
    if (this.#losses === 0) return;
    const budget = this.#budgets.of(this.#line.first?.need.undoOf);
    const pauseMs = budget.take();
    if (pauseMs === undefined) throw budgetError(this.#settings.plugin, budget);
    this.#losses -= 1;
    if (pauseMs > 0) await this.#pause(pauseMs);
  }

  async #pause(milliseconds: number): Promise<void> {
    const { signal } = this.#stopStarting;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        stopTimer();
        stopListening();
        resolve();
      };
      const stopTimer = this.#clock.after(milliseconds, end, { keepsHostAlive: true });
      const stopListening = onAbort(signal, end);
    });
  }

  /** The first in line hears of it, unless other processes will serve it: then nothing is tried again until one is free. */
  #onFailedStart(error: unknown): boolean {
    const { first } = this.#line;
    if (first !== undefined && (first.need.isPrivate || this.lives.length === 0)) {
      first.refuse(error as Error);
      return true;
    }
    const { plugin, log } = this.#settings;
    if (!this.#isClosed) log({ plugin, level: 'warning', message: errorMessage(error) });
    return false;
  }

  #onGone(worker: Worker): void {
    this.#workers.delete(worker);
    if (worker.wasLost && !this.#settings.isolated) this.#losses += 1;
    this.#serve();
    if (!worker.wasLost) this.#startAhead();
  }

  /** Where some shall always be ready they are started before anybody asks; but one that was lost only for a call. */
  #startAhead(): void {
    const wanted = this.#settings.limits.minIdle;
    while (this.#hasRoom && this.#workers.size + this.#starts.size < wanted) this.#grow();
  }

  /** Those that have nothing to do, the longest idle first. */
  #idleWorkers(): Worker[] {
    const idle = [...this.#workers].filter((worker) => worker.isIdle);
    return idle.toSorted((one, other) => one.idleSince - other.idleSince);
  }

  /** The idle ones beyond those that are kept. */
  #surplus(): Worker[] {
    const idle = this.#idleWorkers();
    return idle.slice(0, Math.max(0, idle.length - this.#settings.limits.minIdle));
  }

  /** Looks after a while whether somebody has been idle for long. */
  #sweepLater(): void {
    const { idleMs } = this.#settings.limits;
    if (this.#stopSweep !== undefined || idleMs === 0 || this.#isClosed) return;
    const longest = this.#surplus()[0];
    if (longest === undefined) return;
    const dueMs = Math.max(0, longest.idleSince + idleMs - this.#clock.now());
    this.#stopSweep = this.#clock.after(dueMs, () => this.#sweep(), { keepsHostAlive: false });
  }

  #sweep(): void {
    this.#stopSweep = undefined;
    const { idleMs } = this.#settings.limits;
    const since = this.#clock.now() - idleMs;
    for (const worker of this.#surplus()) if (worker.idleSince <= since) worker.retire();
    this.#sweepLater();
  }
}
