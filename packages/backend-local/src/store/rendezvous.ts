/** Somebody who is on the way. */
export interface Guest {
  /** Resolves when all who come soon have arrived. */
  arrive(): Promise<void>;
  /** Does not come any more, or not soon. Safe to call at any time. */
  leave(): void;
}

/** Whoever takes longer is not waited for, then and later. */
const PATIENCE_MS = 5;

/**
 * Lets those who are on the way at the same time go on together, so that they can share what is dear. Who is alone waits for
 * nobody.
 */
export class Rendezvous {
  readonly #coming = new Set<Guest>();
  #waiting: (() => void)[] = [];
  #patience: NodeJS.Timeout | undefined;

  come(): Guest {
    const guest: Guest = {
      arrive: () => {
        const together = new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#patience ??= setTimeout(() => this.#goOn(), PATIENCE_MS);
        guest.leave();
        return together;
      },
      leave: () => {
        this.#coming.delete(guest);
        if (this.#coming.size === 0) this.#goOn();
      },
    };
    this.#coming.add(guest);
    return guest;
  }

  #goOn(): void {
    clearTimeout(this.#patience);
    this.#patience = undefined;
    this.#coming.clear();
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
