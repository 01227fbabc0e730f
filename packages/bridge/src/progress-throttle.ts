/**
 * Lets progress through as it comes, until there is more of it than anybody can look at: then only the latest of each
 * category ten times a second, and of more than 20 categories those that were told of last. The last one is always shown,
 * by {@link flush} at the latest.
 */
export class ProgressThrottle<TProgress extends { readonly category: string | null }> {
  readonly #show: (progress: TProgress) => void;
  readonly #held = new Map<string | null, TProgress>();
  #allowed = BURST;
  #countedAt = performance.now();
  #timer: NodeJS.Timeout | undefined;

  constructor(show: (progress: TProgress) => void) {
    this.#show = show;
  }

  /** Shows this progress, now or later, or something newer in its place. */
  add(progress: TProgress): void {
    this.#count();
    if (this.#allowed >= 1) {
      this.#allowed -= 1;
      this.#held.delete(progress.category);
      this.#show(progress);
      return;
    }
    this.#held.delete(progress.category); // the latest stands last
    this.#held.set(progress.category, progress);
    if (this.#held.size > MOST_CATEGORIES) this.#forgetOldest();
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  /** Shows what is held back. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const held = [...this.#held.values()];
    this.#held.clear();
    for (const progress of held) this.#show(progress);
  }

  #forgetOldest(): void {
    for (const oldest of this.#held.keys()) {
      this.#held.delete(oldest);
      return;
    }
  }

  #count(): void {
    const now = performance.now();
    this.#allowed = Math.min(BURST, this.#allowed + (now - this.#countedAt) / INTERVAL_MS);
    this.#countedAt = now;
  }
}

const MOST_CATEGORIES = 20;
const BURST = 100;
const INTERVAL_MS = 100;
