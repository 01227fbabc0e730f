import type { BaseStepContext } from '../context/base-step-context.js';
import { ContextChanges } from '../context/context-changes.js';
import { ContextTracker } from '../context/context-tracker.js';
import type { RunEventStream } from '../events/run-event-stream.js';
import type { PatchOperation } from '../json/json-patch.js';
import type { BaseStep } from '../step/base-step.js';
import type { RunStep } from './step-scope.js';

/** The contexts of a run, that of its registry and those of actions inside it, and the events of their changes. */
export class ContextRecords {
  readonly #trackers = new Map<BaseStepContext, ContextTracker>();
  readonly #events: RunEventStream;
  readonly #isJournaled: boolean;
  readonly #hasRemoteStep: boolean;

  constructor(
    steps: readonly BaseStep[],
    { events, isJournaled }: { readonly events: RunEventStream; readonly isJournaled: boolean },
  ) {
    this.#events = events;
    this.#isJournaled = isJournaled;
    this.#hasRemoteStep = steps.some(isRemote);
  }

  /** From here on the changes of a context are recorded, if there is a journal, and followed, if it leaves this process. */
  follow(context: BaseStepContext): void {
    if (this.#isJournaled && !this.#trackers.has(context)) this.#trackers.set(context, new ContextTracker(context));
    else if (this.#hasRemoteStep) ContextChanges.of(context);
  }

  /** Records what a step changed in its context. @throws UnserialisableValueError for a field that is not JSON. */
  record(entry: RunStep): void {
    const changes = this.#trackers.get(entry.scope.context)?.takeChanges();
    if (changes === undefined) return;
    if (changes.patch.length > 0) this.#emit(entry, changes.patch);
    if (changes.problem !== undefined) throw changes.problem;
  }

  /** A change that a step told itself. A journal gets it in order with what was found of others until then. */
  changed(entry: RunStep, patch: readonly PatchOperation[]): void {
    const changes = this.#trackers.get(entry.scope.context)?.takeChanges();
    this.#emit(entry, changes?.patch ?? patch);
  }

  #emit({ record, scope: { contextOf } }: RunStep, patch: readonly PatchOperation[]): void {
    const whose = contextOf !== undefined && { context: contextOf };
    this.#events.emit({ type: 'context-change', step: record.name, ...whose, patch: [...patch] });
  }
}

function isRemote({ remote, children }: BaseStep): boolean {
  return remote === true || children?.some(isRemote) === true;
}
