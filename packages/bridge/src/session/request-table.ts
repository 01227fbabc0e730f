import { type CallRequest, PendingRequest } from './pending-request.js';

/** The requests that a plugin has not answered yet. */
export class RequestTable {
  readonly #open = new Map<number, PendingRequest>();
  #nextId = 1;
  #current: PendingRequest | undefined;

  /** The call of a step that is under way: what the plugin prints belongs to it. */
  get current(): PendingRequest | undefined {
    return this.#current;
  }

  get isEmpty(): boolean {
    return this.#open.size === 0;
  }

  /** A new request with an id that this process has not seen. */
  open(request: CallRequest): PendingRequest {
    const pending = new PendingRequest(this.#nextId, request);
    this.#nextId += 1;
    this.#open.set(pending.id, pending);
    if (request.step !== undefined) this.#current = pending;
    pending.onSettled(() => this.#forget(pending));
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

  #forget(pending: PendingRequest): void {
    this.#open.delete(pending.id);
    if (this.#current === pending) this.#current = undefined;
  }
}
