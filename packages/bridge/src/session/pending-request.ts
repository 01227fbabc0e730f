import type { RequestMethod } from '../protocol/methods.js';
import type { PluginNotification } from '../protocol/methods.js';

/** Who hears of a request while it is under way. */
export interface CallListener {
  onNotification(notification: PluginNotification): void;
  /** Lines that the plugin printed during the call. */
  onLines(lines: readonly string[], source: 'stdout' | 'stderr'): void;
}

/** A request that is to be made. Its params are none of what has to be known until it is settled. */
export interface CallRequest {
  readonly method: RequestMethod;
  readonly step?: string;
  readonly listener?: CallListener;
  /** Aborting it cancels the call; the answer is still awaited, for as long as the grace allows. */
  readonly signal?: AbortSignal;
  readonly cancelGraceMs?: number | undefined;
  /** How long the call may take. */
  readonly deadlineMs?: number | undefined;
  /** How long the plugin may be silent, instead of the session's limit. */
  readonly hangTimeoutMs?: number | undefined;
}

/** A call under way, as its caller sees it. */
export interface OngoingCall<TResult> {
  readonly result: Promise<TResult>;
  /** Tells the plugin that undo data is safe. */
  confirmUndo(seq: number): void;
  /** Ends the call, because what it reported could not be kept. */
  fail(error: unknown): void;
}

/** What a request can do at the connection that it was made on. */
export interface RequestWire {
  confirmUndo(pending: PendingRequest, seq: number): void;
  fail(pending: PendingRequest, error: unknown): void;
  /** It is settled. */
  onSettled(pending: PendingRequest): void;
}

/** A request from the moment it is sent until it is settled, exactly once. */
export class PendingRequest implements OngoingCall<unknown> {
  readonly id: number;
  readonly request: CallRequest;
  readonly result: Promise<unknown>;
  /** Why the host asked for its end, if it did. */
  endReason: EndReason | undefined;
  /** The result as it came, before what was left out in it was filled in. */
  rawResult: Readonly<Record<string, unknown>> | undefined;
  /** Why it fails whatever its answer is. */
  spoiledBy: string | undefined;
  readonly #wire: RequestWire;
  #lastSeq = 0;
  #open = true;
  #cleanups: (() => void)[] | undefined;
  #resolve: (value: unknown) => void = unset;
  #reject: (error: unknown) => void = unset;

  constructor(id: number, request: CallRequest, wire: RequestWire) {
    this.id = id;
    this.request = request;
    this.#wire = wire;
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Has `cleanup` called when the request is settled: the one place where timers and listeners are released. */
  onSettled(cleanup: () => void): void {
    (this.#cleanups ??= []).push(cleanup);
  }

  /** Whether `seq` continues the count of this request. */
  takeSeq(seq: number): boolean {
    const grows = seq > this.#lastSeq;
    this.#lastSeq = Math.max(seq, this.#lastSeq);
    return grows;
  }

  confirmUndo(seq: number): void {
    this.#wire.confirmUndo(this, seq);
  }

  fail(error: unknown): void {
    this.#wire.fail(this, error);
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
    this.#wire.onSettled(this);
    if (this.#cleanups === undefined) return true;
    for (const cleanup of this.#cleanups) cleanup();
    this.#cleanups = undefined;
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
