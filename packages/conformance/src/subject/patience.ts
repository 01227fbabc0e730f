/** How long a plugin may take, in milliseconds. */
export interface Patience {
  /** For both answers of the handshake. */
  readonly handshakeMs: number;
  /** For any other answer. */
  readonly answerMs: number;
  /** From the end of stdin to the exit. */
  readonly exitMs: number;
  /** From the end of stdin in the middle of a step to the exit. */
  readonly goneMs: number;
  /** From the end of a scenario until nothing of it may be left. */
  readonly leaveMs: number;
  /** What `cancel` offers as grace. */
  readonly graceMs: number;
}

/** The times of the specification, times `factor`: for machines that have a lot to do. */
export function patienceOf(factor: number): Patience {
  return {
    handshakeMs: 10_000 * factor,
    answerMs: 10_000 * factor,
    exitMs: 2000 * factor,
    goneMs: 5000 * factor,
    leaveMs: 1000 * factor,
    graceMs: 5000 * factor,
  };
}
