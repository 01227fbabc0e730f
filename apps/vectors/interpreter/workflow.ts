import {
  BaseStepContext,
  JobLogger,
  Orchestrator,
  RuntimeContext,
  StepRegistry,
  type BaseLogger,
  type OrchestratorOptions,
} from '@synapse-steps/core';
import { asList, asNumber, asText, onlyItem } from '../cases/only-item.js';
import { stepSpecSchema, type Action, type Json, type WorkflowGiven } from '../cases/vector-file.js';
import { contextActions, runtimeSayings, sayings } from './actions.js';
import { RecordingLogger } from './recording-logger.js';
import { ScriptedClient } from './scripted-client.js';
import { ScriptedError } from './scripted-error.js';
import { makeStep, type StepSurroundings } from './scripted-step.js';
import type { Trace } from './trace.js';

type Options = OrchestratorOptions;

/** One registry, one context, one Orchestrator, and the actions that a case performs on them. */
export class Workflow {
  readonly context: BaseStepContext;
  readonly registry = new StepRegistry();
  readonly client: ScriptedClient;
  readonly #given: WorkflowGiven;
  readonly #trace: Trace;

  constructor(given: WorkflowGiven, trace: Trace) {
    this.#given = given;
    this.#trace = trace;
    this.client = new ScriptedClient(given.client);
    const logger = this.#makeLogger(given.logger ?? 'memory');
    this.context = new BaseStepContext(
      new RuntimeContext({
        env: given.env ?? {},
        ...(logger !== undefined && { logger }),
        ...(given.language !== undefined && { language: given.language }),
      }),
    );
    for (const spec of given.steps ?? []) this.registry.register(makeStep(spec, this.#surroundings));
    for (const edit of given.edits ?? []) editRegistry(this.registry, edit, this.#surroundings);
  }

  orchestrator(): Orchestrator {
    const { before_step: beforeStep, callback = 'record' } = this.#given;
    return new Orchestrator(this.registry, this.context, {
      ...this.#options(),
      ...(beforeStep !== undefined && { beforeStep: this.#beforeStep(beforeStep) }),
      ...(callback !== 'omitted' && callback !== null && { onProgress: this.#callback(callback) }),
    });
  }

  /** One action, on the step context, or on the runtime context when it is marked so. */
  async perform(action: Action, context: BaseStepContext): Promise<void> {
    const [verb, given] = onlyItem(action);
    if (verb === 'runtime') return this.#performOnRuntime(given as Action, context.runtimeContext);
    const act = sayings[verb] ?? contextActions[verb];
    if (act !== undefined) return act(context, given);
    if (verb === 'nested') return this.#runNested(asList(given), context);
    if (runtimeSayings[verb] !== undefined) throw missing(verb);
    this.#performInside(verb, given);
  }

  #performOnRuntime(action: Action, runtime: RuntimeContext): void {
    const [verb, given] = onlyItem(action);
    const act = sayings[verb] ?? runtimeSayings[verb];
    if (act !== undefined) return act(runtime, given);
    if (contextActions[verb] !== undefined || verb === 'nested') throw missing(verb);
    this.#performInside(verb, given);
  }

  /** What touches neither context. */
  #performInside(verb: string, given: Json): void {
    if (verb === 'put') {
      const [key, value = null] = asList(given);
      this.#trace.state[asText(key)] = value;
    } else if (verb === 'advance') this.#trace.clock.advance(asNumber(given));
    else if (verb === 'registry') editRegistry(this.registry, given as Action, this.#surroundings);
    else if (verb === 'logger_step') {
      const { logger } = this.context.runtimeContext;
      if (logger === undefined) throw missing(verb);
      const [step = null, order] = asList(given);
      logger.setStep(step === null ? undefined : asText(step), order as number | undefined);
    } else throw new Error(`Unknown action '${verb}'.`);
  }

  async #runNested(specs: readonly Json[], context: BaseStepContext): Promise<void> {
    const inner = new StepRegistry();
    for (const spec of specs) inner.register(makeStep(stepSpecSchema.parse(spec), this.#surroundings));
    await new Orchestrator(inner, context, { ...this.#options(), onProgress: this.#callback('record') }).execute();
    this.#trace.look('after nested', context);
  }

  /** Pauses between the tries of an undo have no length here, because the clock stands still. */
  #options(): Options {
    return { clock: this.#trace.clock, undo: { delayMs: 0 } };
  }

  #callback(script: Exclude<WorkflowGiven['callback'], undefined | null>): NonNullable<Options['onProgress']> {
    let count = 0;
    return (current, total) => {
      this.#trace.calls.push(`progress(${current},${total})`);
      this.#trace.progress.push([current, total]);
      count += 1;
      if (script === 'forward') {
        const { logger } = this.context.runtimeContext;
        if (logger === undefined) throw missing('set_progress');
        logger.setProgress(current, total);
      } else if (typeof script === 'object' && count === script.raise_at) throw new ScriptedError(script.error);
    };
  }

  #beforeStep(script: NonNullable<WorkflowGiven['before_step']>): NonNullable<Options['beforeStep']> {
    return async (name, context) => {
      this.#trace.enter(`${name}.before_step`, context);
      for (const action of script.do?.[name] ?? []) await this.perform(action, context);
      if (name === script.raise_at) throw new ScriptedError(script.error ?? ['TypeError']);
    };
  }

  #makeLogger(kind: NonNullable<WorkflowGiven['logger']>): BaseLogger | undefined {
    if (kind === 'none') return undefined;
    if (kind === 'bare') return {} as BaseLogger; // an object without any method, on purpose
    if (kind === 'memory') return new RecordingLogger(this.#trace);
    const { proportions } = this.#given;
    const options = { logBatchSize: 1, progressFlushMs: 0, clock: this.#trace.clock };
    return new JobLogger(this.client, 'job-1', { ...options, ...(proportions && { proportions }) });
  }

  get #surroundings(): StepSurroundings {
    return { trace: this.#trace, perform: (action, context) => this.perform(action, context) };
  }
}

export function editRegistry(registry: StepRegistry, edit: Action, surroundings: StepSurroundings): void {
  const [verb, given] = onlyItem(edit);
  if (verb === 'register') registry.register(makeStep(stepSpecSchema.parse(given), surroundings));
  else if (verb === 'unregister') registry.unregister(asText(given));
  else if (verb === 'insert_after' || verb === 'insert_before') {
    const [anchor, spec] = asList(given);
    const step = makeStep(stepSpecSchema.parse(spec), surroundings);
    if (verb === 'insert_after') registry.insertAfter(asText(anchor), step);
    else registry.insertBefore(asText(anchor), step);
  } else if (verb === 'clear_returned_list') registry.getSteps().length = 0;
  else throw new Error(`Unknown registry operation '${verb}'.`);
}

/** The case asks an object for something that it does not have, in Python as here. */
function missing(verb: string): ScriptedError {
  return new ScriptedError(['AttributeError', `there is no '${verb}' here`]);
}
