import { open } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';

/**
 * Makes the names in a folder durable. Those who ask in one turn of the event loop share a sync; those who ask while one is
 * under way share the next, for the one under way may have begun before their rename.
 */
export class SharedSync {
  readonly #folder: string;
  #last: Promise<void> = Promise.resolve();
  /** Is still to begin. */
  #next: Promise<void> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  sync(): Promise<void> {
    if (this.#next === undefined) this.#last = this.#next = this.#syncAfter(this.#last);
    return this.#next;
  }

  async #syncAfter(last: Promise<void>): Promise<void> {
    await last.catch(() => undefined); // whose sync failed is told so by their own promise
    await nextTurn();
    this.#next = undefined;
    await syncFolder(this.#folder);
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
