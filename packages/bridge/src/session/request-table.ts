import { type CallRequest, PendingRequest, type RequestWire } from './pending-request.js';

/** The requests that a plugin has not answered yet. */
export class RequestTable {
  readonly #open = new Map<number, PendingRequest>();
  #nextId = 1;
  readonly #calls: PendingRequest[] = [];

  /** The calls of steps that are under way. */
  get calls(): readonly PendingRequest[] {
    return this.#calls;
  }

  /** The only call of a step that is under way: what the plugin prints belongs to it. Of several nobody knows which printed. */
  get current(): PendingRequest | undefined {
    return this.#calls.length === 1 ? this.#calls[0] : undefined;
  }

  /** Whether nobody waits for an answer. That to a ping is only a sign of life. */
  get isQuiet(): boolean {
    for (const { request } of this.#open.values()) if (request.method !== 'ping') return false;
    return true;
  }

  /** A new request with an id that this process has not seen. */
  open(request: CallRequest, wire: RequestWire): PendingRequest {
    const pending = new PendingRequest(this.#nextId, request, wire);
    this.#nextId += 1;
    this.#open.set(pending.id, pending);
    if (request.step !== undefined) this.#calls.push(pending);
    return pending;
  }

  find(id: number): PendingRequest | undefined {
    return this.#open.get(id);
  }

  /** Whether the host ever used this id. */
  isKnown(id: number): boolean {
    return id < this.#nextId;
  }

  /**
   * Takes the answer of a request: further frames with its id are violations. What the plugin printed before it may
   * still be waiting on the other pipe, so the call ends one round of the event loop later.
   */
  answer(pending: PendingRequest, settle: () => void): void {
    this.#open.delete(pending.id);
    if (pending.request.method === 'ping') settle();
    else setImmediate(settle);
  }

  /** The requests that are still open, to be failed. */
  openRequests(): PendingRequest[] {
    return [...this.#open.values()];
  }

  /** It is settled. */
  forget(pending: PendingRequest): void {
    this.#open.delete(pending.id);
    if (pending.request.step === undefined) return;
    const last = this.#calls.pop(); // mostly it is the only one
    if (last !== undefined && last !== pending) this.#calls[this.#calls.indexOf(pending)] = last;
  }
}
