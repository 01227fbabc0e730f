import {
  BaseStepContext,
  ConfiguredStep,
  type JsonObject,
  Orchestrator,
  type RunJournal,
  RuntimeContext,
  type RunEvent,
  StepFailedError,
  StepRegistry,
} from '@synapse-steps/core';
import type { PluginSession } from '../src/index.js';

/** A context whose fields are whatever a test puts into them. */
export class OpenContext extends BaseStepContext {
  [field: string]: unknown;
}

/** What to run, and over what. */
export interface RunStepsOptions {
  readonly fields?: JsonObject;
  readonly params?: JsonObject;
  readonly stepParams?: JsonObject;
  readonly signal?: AbortSignal;
  readonly graceMs?: number;
  readonly journal?: RunJournal;
  readonly onEvent?: (event: RunEvent) => unknown;
}

/** Runs steps of a plugin, one after the other, and gives the report, the events, the context and the error. */
export async function runSteps(session: PluginSession, names: readonly string[], options: RunStepsOptions = {}) {
  const registry = new StepRegistry<OpenContext>();
  for (const name of names) {
    registry.register(new ConfiguredStep(session.step(name), { params: options.stepParams ?? {} }));
  }
  const context = new OpenContext(new RuntimeContext({ params: options.params ?? {} }));
  Object.assign(context, structuredClone(options.fields ?? {}));
  const orchestrator = new Orchestrator(registry, context, {
    ...(options.signal && { signal: options.signal }),
    ...(options.graceMs !== undefined && { graceMs: options.graceMs }),
    ...(options.journal && { journal: options.journal }),
  });
  const events: RunEvent[] = [];
  orchestrator.events.subscribe((event) => {
    events.push(event);
    options.onEvent?.(event);
  });
  try {
    return { report: await orchestrator.execute(), events, context, error: undefined };
  } catch (error) {
    if (!StepFailedError.is(error)) throw error;
    return { report: error.report, events, context, error };
  }
}
