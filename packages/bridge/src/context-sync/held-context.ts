/** The state of a context that one process is known to hold. A new process holds none. */
export class HeldContext {
  /** The revision that the process holds, for the run it belongs to. */
  base: HeldBase | undefined;
}

/** A state that both sides have exchanged. */
export interface HeldBase {
  readonly runId: string;
  readonly rev: number;
}
