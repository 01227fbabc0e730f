import { asList, asNumber, asObject, asText, onlyItem } from '../cases/only-item.js';
import type { Action, Json, WorkflowGiven } from '../cases/vector-file.js';
import { ModelContext } from './model-context.js';
import { ModelJobLogger } from './model-job-logger.js';
import { ModelLogger, type ModelSink } from './model-logger.js';
import { ModelOrchestrator, type ModelHooks } from './model-orchestrator.js';
import { ModelRegistry } from './model-registry.js';
import { look } from './model-step.js';
import { PythonError, pythonsOwn, scriptedError } from './python-error.js';
import type { World } from './world.js';

/** One modelled workflow, and the actions that a case performs on it. */
export class ModelWorkflow {
  readonly context: ModelContext;
  readonly registry: ModelRegistry;
  readonly #given: WorkflowGiven;
  readonly #world: World;

  constructor(given: WorkflowGiven, world: World) {
    this.#given = given;
    this.#world = world;
    const { language = given.env?.['SYNAPSE_LANGUAGE'] ?? 'en' } = given;
    this.context = new ModelContext(world, this.#makeSink(given.logger ?? 'memory'), language);
    this.registry = new ModelRegistry(world, (action) => this.perform(action));
    for (const spec of given.steps ?? []) this.registry.register(spec as Json);
    for (const edit of given.edits ?? []) this.registry.edit(edit);
  }

  get requests(): readonly Record<string, unknown>[] {
    const { sink } = this.context;
    return sink instanceof ModelJobLogger ? sink.requests : [];
  }

  orchestrator(): ModelOrchestrator {
    const { before_step: beforeStep, callback = 'record' } = this.#given;
    const isRefused = callback === 'omitted' && this.#world.release === 'current';
    if (isRefused && !this.#world.differs('observers-cannot-break')) throw pythonsOwn('TypeError');
    return new ModelOrchestrator(this.registry, this.context, {
      onProgress: callback === null || callback === 'omitted' ? null : this.#callback(callback),
      beforeStep: beforeStep && this.#beforeStep(beforeStep),
    });
  }

  perform(action: Action, isRuntime = false): void {
    const [verb, given] = onlyItem(action);
    if (verb === 'runtime') return this.perform(given as Action, true);
    const { context } = this;
    switch (verb) {
      case 'log':
        return context.log(asObject(given), isRuntime);
      case 'message':
        return context.message(asObject(given), isRuntime);
      case 'progress':
        return context.setProgress(given, isRuntime);
      case 'metrics':
        return context.setMetrics(given, isRuntime);
      case 'metric':
      case 'visualization':
      case 'trials':
      case 'dev_event':
      case 'end_log':
        if (!isRuntime) throw pythonsOwn();
        return verb === 'end_log'
          ? context.message({ code: 'PLUGIN_RUN_COMPLETE' }, true)
          : context.special(verb, given);
      default:
        return this.#performOnStep(verb, given, isRuntime);
    }
  }

  #performOnStep(verb: string, given: Json, isRuntime: boolean): void {
    const { context } = this;
    const isOfSteps = ['append_error', 'mark_user_failure_emitted', 'current_step', 'nested'].includes(verb);
    if (isOfSteps && isRuntime) throw pythonsOwn();
    if (verb === 'append_error') context.errors.push(asText(given));
    else if (verb === 'mark_user_failure_emitted') context.failureTold = true;
    else if (verb === 'current_step') this.#setCurrentStep(asList(given));
    else if (verb === 'nested') this.#runNested(asList(given));
    else this.#performInside(verb, given);
  }

  #performInside(verb: string, given: Json): void {
    if (verb === 'put') {
      const [key, value = null] = asList(given);
      this.#world.state[asText(key)] = structuredClone(value);
    } else if (verb === 'advance') this.#world.seconds += asNumber(given);
    else if (verb === 'registry') this.registry.edit(given as Action);
    else if (verb === 'logger_step') {
      const [step = null, order = null] = asList(given);
      const { sink } = this.context;
      if (!(sink instanceof ModelLogger)) throw pythonsOwn();
      sink.setStep(step as string | null, order as number | null);
    } else throw new Error(`Unknown action '${verb}'.`);
  }

  #setCurrentStep([step = null, order = null]: readonly Json[]): void {
    if (this.context.run !== undefined && this.#world.differs('current-step-is-a-fact')) return;
    this.context.current = step === null ? null : { name: asText(step), order: order as number | null };
  }

  #runNested(specs: readonly Json[]): void {
    const inner = new ModelRegistry(this.#world, (action) => this.perform(action));
    for (const spec of specs) inner.register(spec);
    new ModelOrchestrator(inner, this.context, { onProgress: this.#callback('record') }).execute();
    look('after nested', this.context);
  }

  #callback(script: Exclude<WorkflowGiven['callback'], undefined | null>): ModelHooks['onProgress'] {
    let count = 0;
    return (percent) => {
      this.#world.calls.push(`progress(${percent},100)`);
      this.#world.progress.push([percent, 100]);
      count += 1;
      if (script === 'forward') {
        const { sink } = this.context;
        if (!(sink instanceof ModelLogger)) throw pythonsOwn();
        sink.setProgress(percent, 100);
      } else if (typeof script === 'object' && count === script.raise_at)
        throw scriptedError(script.error, this.#world);
    };
  }

  #beforeStep(script: NonNullable<WorkflowGiven['before_step']>): (step: string) => void {
    return (step) => {
      this.#world.calls.push(`${step}.before_step`);
      look(`${step}.before_step`, this.context);
      for (const action of script.do?.[step] ?? []) this.perform(action);
      if (step === script.raise_at) throw scriptedError(script.error ?? ['TypeError'], this.#world);
    };
  }

  #makeSink(kind: NonNullable<WorkflowGiven['logger']>): ModelSink {
    if (kind === 'none') return null;
    if (kind === 'memory') return new ModelLogger(this.#world);
    if (kind === 'job') {
      const { proportions, client } = this.#given;
      return new ModelJobLogger(this.#world, { batchSize: 1, progressInterval: 0, proportions, client });
    }
    if (!this.#world.differs('logger-is-optional')) return 'bare';
    throw new PythonError(
      'TypeError',
      'The logger of a runtime context must be a BaseLogger (ConsoleLogger, JobLogger, … or your own subclass). Leave it out to log nothing.',
    );
  }
}
