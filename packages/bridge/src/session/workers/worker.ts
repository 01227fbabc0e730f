import { residentMemory } from '../../process/resident-memory.js';
import type { PluginDescription } from '../handshake.js';
import type { PluginConnection } from '../plugin-connection.js';
import type { PluginPeer } from '../plugin-peer.js';
import type { SessionLimits } from '../session-limits.js';

/** A process that is ready, what it said of itself, and what it knows. */
export interface Life {
  readonly connection: PluginConnection;
  readonly described: PluginDescription;
  readonly peer: PluginPeer;
}

/** What a call needs of the process that serves it. */
export interface Need {
  /** A fresh process that serves nothing else. */
  readonly isPrivate: boolean;
  /** The step that it undoes, if it does. */
  readonly undoOf: string | undefined;
  /** Whether the process is worn a little by it. */
  readonly counts: boolean;
}

/** One process of a pool: what it has under way, and whether it may get more. */
export class Worker {
  readonly life: Life;
  /** When its last call was over, on the pool's clock. */
  idleSince: number;
  readonly #limits: SessionLimits;
  #open = 0;
  #served = 0;
  #isPrivate = false;
  #isWornOut = false;
  #isRetired = false;

  constructor(life: Life, limits: SessionLimits, now: number) {
    this.life = life;
    this.idleSince = now;
    this.#limits = limits;
  }

  get isAlive(): boolean {
    return this.life.connection.isAlive;
  }

  get open(): number {
    return this.#open;
  }

  get isIdle(): boolean {
    return this.#open === 0 && this.isAlive && !this.#isRetired;
  }

  /** Whether it is on its way out. */
  get isEnding(): boolean {
    return this.#isRetired || !this.isAlive;
  }

  /** Whether it gets no further call. */
  get isSpent(): boolean {
    return this.#isRetired || this.#isPrivate || this.#isWornOut || this.#served >= Math.max(1, this.#limits.maxCalls);
  }

  /** Whether its end is a surprise. One that has had its last call may end by itself. */
  get wasLost(): boolean {
    return !this.#isRetired && !(this.isSpent && this.life.connection.endedWell);
  }

  canTake({ isPrivate }: Need): boolean {
    if (this.isSpent || !this.isAlive) return false;
    if (isPrivate) return this.#served === 0 && this.#open === 0;
    const { max_in_flight: offered } = this.life.described.info.capabilities;
    return this.#open < Math.max(1, Math.min(offered, this.#limits.maxInFlight));
  }

  take({ isPrivate, counts }: Need): void {
    this.#open += 1;
    if (counts) this.#served += 1;
    this.#isPrivate ||= isPrivate;
    if (this.isSpent) this.life.connection.expectExit();
  }

  /** A call is over. */
  release(now: number): void {
    this.#open -= 1;
    this.idleSince = now;
    const { maxMemoryBytes } = this.#limits;
    if (maxMemoryBytes > 0) this.#isWornOut ||= (residentMemory(this.life.connection.pid) ?? 0) > maxMemoryBytes;
  }

  /** Ends it, politely; it has nothing under way. */
  retire(): void {
    this.#isRetired = true;
    void this.life.connection.close();
  }
}
