import type { BaseLogger, BaseStepContext } from '@synapse-steps/core';
import type { Json } from '../cases/vector-file.js';
import { VirtualClock } from './virtual-clock.js';

/** Everything that a case observes, in order of happening. */
export class Trace {
  /** False for cases of a release that tells neither the place of a step nor the step of the logger. */
  readonly #tellsPlace: boolean;
  readonly clock = new VirtualClock();
  readonly calls: string[] = [];
  readonly seen: [string, string | null, number | null, string | null][] = [];
  readonly rollbacks: Record<string, unknown>[] = [];
  readonly progress: [number, number][] = [];
  readonly logger: Record<string, unknown>[] = [];
  readonly state: Record<string, Json> = {};

  constructor(tellsPlace: boolean) {
    this.#tellsPlace = tellsPlace;
  }

  /** Notes a call, and which step the context and the logger believe to be current. */
  enter(call: string, context: BaseStepContext): void {
    this.calls.push(call);
    this.look(call, context);
  }

  look(where: string, context: BaseStepContext): void {
    const logger: BaseLogger | undefined = context.runtimeContext.logger;
    const place = this.#tellsPlace ? context.currentStepOrder : undefined;
    this.seen.push([where, context.currentStep ?? null, place ?? null, logger?.step ?? null]);
  }
}
