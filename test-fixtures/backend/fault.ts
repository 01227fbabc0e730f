/** One thing that goes wrong, as a vector says it. */
export interface Fault {
  readonly method: string;
  /** `*` stands for any text. */
  readonly path: string;
  /** From which match on; default the first. */
  readonly nth?: number;
  /** How many times; default once. */
  readonly times?: number;
  /** 0, or left out: hang up. */
  readonly status?: number;
  readonly body?: unknown;
  readonly xml?: string;
  readonly html?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Do the work first. */
  readonly after?: boolean;
  /** Send half of the answer, then hang up. */
  readonly truncated?: boolean;
  /** Hang up before the content of the request was read. */
  readonly early?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
}

/** Counts the matches of each fault, and tells which one strikes. */
export class Faults {
  readonly #faults: { readonly fault: Fault; readonly pattern: RegExp; seen: number }[] = [];

  add(...faults: readonly Fault[]): void {
    for (const fault of faults) this.#faults.push({ fault, pattern: wildcard(fault.path), seen: 0 });
  }

  strike(method: string, path: string): Fault | undefined {
    for (const entry of this.#faults) {
      if (entry.fault.method !== method || !entry.pattern.test(path)) continue;
      entry.seen += 1;
      const { nth = 1, times = 1 } = entry.fault;
      if (entry.seen >= nth && entry.seen < nth + times) return entry.fault;
    }
    return undefined;
  }
}

export function wildcard(pattern: string): RegExp {
  return new RegExp(`^${pattern.split('*').map((part) => part.replaceAll(/[.?+^$()[\]{}|\\]/g, '\\$&')).join('.*')}$`);
}
