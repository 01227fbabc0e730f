import type { RequestMethod } from '../protocol/methods.js';
import type { PluginNotification } from '../protocol/methods.js';

/** Who hears of a request while it is under way. */
export interface CallListener {
  onNotification(notification: PluginNotification): void;
  /** Lines that the plugin printed during the call. */
  onLines(lines: readonly string[], source: 'stdout' | 'stderr'): void;
}

/** A request that is to be made. */
export interface CallRequest {
  readonly method: RequestMethod;
  readonly params: Record<string, unknown>;
  readonly step?: string;
  readonly listener?: CallListener;
  /** Aborting it cancels the call; the answer is still awaited, for as long as the grace allows. */
  readonly signal?: AbortSignal;
  readonly cancelGraceMs?: number;
  /** How long the call may take. */
  readonly deadlineMs?: number | undefined;
  /** How long the plugin may be silent, instead of the session's limit. */
  readonly hangTimeoutMs?: number | undefined;
}

/** A request from the moment it is sent until it is settled, exactly once. */
export class PendingRequest {
  readonly id: number;
  readonly request: CallRequest;
  readonly settled: Promise<unknown>;
  /** Why the host asked for its end, if it did. */
  endReason: EndReason | undefined;
  /** The result as it came, before what was left out in it was filled in. */
  rawResult: Readonly<Record<string, unknown>> | undefined;
  /** Why it fails whatever its answer is. */
  spoiledBy: string | undefined;
  /** Tells the plugin that undo data is safe. */
  confirmUndo: (seq: number) => void = () => undefined;
  #lastSeq = 0;
  #open = true;
  #cleanups: (() => void)[] = [];
  #resolve: (value: unknown) => void = unset;
  #reject: (error: unknown) => void = unset;

  constructor(id: number, request: CallRequest) {
    this.id = id;
    this.request = request;
    this.settled = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Has `cleanup` called when the request is settled: the one place where timers and listeners are released. */
  onSettled(cleanup: () => void): void {
    this.#cleanups.push(cleanup);
  }

  /** Whether `seq` continues the count of this request. */
  takeSeq(seq: number): boolean {
    const grows = seq > this.#lastSeq;
    this.#lastSeq = Math.max(seq, this.#lastSeq);
    return grows;
  }

  /** It goes on and fails when it is through; what the plugin may wait for it is told. */
  spoil(problem: string, seq: number | undefined): void {
    this.spoiledBy ??= problem;
    if (seq !== undefined) this.confirmUndo(seq);
  }

  resolve(value: unknown): void {
    if (this.#close()) this.#resolve(value);
  }

  reject(error: unknown): void {
    if (this.#close()) this.#reject(error);
  }

  #close(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    for (const cleanup of this.#cleanups) cleanup();
    this.#cleanups = [];
    return true;
  }
}

/** Why the host asked for the end of a call. */
export type EndReason =
  | { readonly type: 'cancelled'; readonly reason: unknown }
  | { readonly type: 'deadline'; readonly deadlineMs: number }
  /** Somebody who listened to the call threw: what the call told cannot be kept. */
  | { readonly type: 'listener'; readonly error: unknown };

function unset(): void {
  throw new Error('a promise calls its executor at once');
}
