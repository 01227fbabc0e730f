import type { Doom } from './loss-error.js';

/** Why a plugin's process is being ended by the host. The first reason is the one that errors tell. */
export class Fate {
  #doom: Doom | undefined;
  #onSealed: (doom: Doom) => void = () => undefined;

  get doom(): Doom | undefined {
    return this.#doom;
  }

  /** Has `listener` called with the first reason, at once when there is one already. */
  onSealed(listener: (doom: Doom) => void): void {
    this.#onSealed = listener;
    if (this.#doom !== undefined) listener(this.#doom);
  }

  /** Decides the end; later reasons change nothing. */
  seal(doom: Doom): void {
    if (this.#doom !== undefined) return;
    this.#doom = doom;
    this.#onSealed(doom);
  }
}
