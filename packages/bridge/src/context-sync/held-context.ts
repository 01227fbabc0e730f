import type { ContextChanges } from '@synapse-steps/core';

/** A state that a process is known to hold: its revision, and what has to be known to tell what has changed since. */
export interface HeldBase {
  readonly runId: string;
  readonly rev: number;
  /** Stands for the changes, which must not be kept alive by it. */
  readonly changes: object;
  /** The version of the changes when the state was sent. */
  readonly version: number;
  /** What the process has changed itself since then. */
  readonly own: VersionRanges;
}

/**
 * What one process is known to hold: the state of a context as the last call left it, if that one ended well. While a call
 * is under way, after one that failed, and once two were under way at a time, nobody knows; then the whole is sent again.
 */
export class HeldContext {
  #base: HeldBase | undefined;
  #calls = 0;
  /** The call that had the process for itself when it began. */
  #alone: number | undefined;

  /** A call begins, beside others or by itself. Returns its number, and what the process held until then. */
  begin(isBeside: boolean): { readonly call: number; readonly base: HeldBase | undefined } {
    const base = this.#base;
    this.#base = undefined;
    this.#calls += 1;
    this.#alone = isBeside ? undefined : this.#calls;
    return { call: this.#calls, base };
  }

  /** A call ended well, and all that it changed was accepted. */
  keep(call: number, base: HeldBase): void {
    if (call === this.#alone) this.#base = base;
  }
}

/** Stands for the changes of a context where they must not be kept alive; always the same for the same ones. */
export function tokenOf(changes: ContextChanges): object {
  const known = tokens.get(changes);
  if (known !== undefined) return known;
  const token = {};
  tokens.set(changes, token);
  return token;
}

const tokens = new WeakMap<ContextChanges, object>();

/** Versions of one side's own changes. */
export class VersionRanges {
  readonly #ranges: { readonly after: number; last: number }[] = [];

  /** Adds those above `after`, up to `last`, which are higher than all before. */
  add(after: number, last: number): void {
    const newest = this.#ranges.at(-1);
    if (newest?.last === after) newest.last = last;
    else if (last > after) this.#ranges.push({ after, last });
  }

  has(version: number): boolean {
    return this.#ranges.some(({ after, last }) => version > after && version <= last);
  }
}
