import { asList, asNumber, asObject, asText, namedArguments, UnknownArgumentError } from '../cases/only-item.js';
import type { Json } from '../cases/vector-file.js';
import { checkLevel, checkMapping, checkName, checkProgress, loggerOf, type ModelSink } from './model-logger.js';
import { checkTrials, ModelJobLogger } from './model-job-logger.js';
import { modelMessage } from './model-messages.js';
import type { ModelRun } from './model-run.js';
import { pythonsOwn } from './python-error.js';
import type { StepName, World } from './world.js';

export interface ModelResult {
  success: boolean;
  data: Record<string, Json>;
  error: string | null;
  rollback_data: Record<string, Json>;
  skipped: boolean;
}

interface SaidProgress {
  readonly current: number;
  readonly total: number;
  readonly step: string | null;
}

/** The SDK's BaseStepContext and RuntimeContext: who is current, and what is said about it to whom. */
export class ModelContext {
  current: StepName | null = null;
  /** Ours: the run that the current step belongs to; undefined outside of one. */
  run: ModelRun | undefined;
  failureTold = false;
  readonly results: (ModelResult | { readonly not_a_result: Json })[] = [];
  readonly errors: string[] = [];

  constructor(
    readonly world: World,
    readonly sink: ModelSink,
    readonly language: string,
  ) {}

  /** The step that a saying belongs to when it names none. On the runtime context ours knows it only within a run. */
  speaker(isRuntime: boolean): StepName | null {
    return isRuntime && this.run === undefined ? null : this.current;
  }

  log(given: Record<string, Json>, isRuntime = false): void {
    const { event, data = {}, file = null, level = 'info' } = given;
    this.#say({ event: asText(event), data, level: asText(level), file: file as string | null }, isRuntime);
  }

  message(given: Record<string, Json>, isRuntime: boolean): void {
    const { language, ...others } = given;
    const { level, data } = modelMessage(others, language === undefined ? this.language : asText(language), this.world);
    const step = this.world.differs('one-step-rule') || !isRuntime ? this.speaker(isRuntime) : null;
    loggerOf(this.sink, this.world)?.log({ event: 'message', data, level, step: step?.name ?? null });
  }

  setProgress(given: Json, isRuntime: boolean): void {
    const { current, total, step: named = null } = this.#arguments(given, ['current', 'total', 'step']);
    const said = { current: asNumber(current), total: asNumber(total), step: named as string | null };
    if (this.world.differs('one-step-rule')) this.#setProgressByOneRule(said, isRuntime);
    else loggerOf(this.sink, this.world)?.setProgress(said.current, said.total, said.step ?? this.#ownStep(isRuntime));
    const speaker = this.speaker(isRuntime)?.name;
    this.run?.move(speaker, { category: said.step ?? speaker, fraction: said.current / said.total });
  }

  #setProgressByOneRule({ current, total, step }: SaidProgress, isRuntime: boolean): void {
    checkName(step, this.world);
    const speaker = this.speaker(isRuntime);
    if (speaker) checkProgress(current, total, { who: `The step '${speaker.name}'`, world: this.world });
    loggerOf(this.sink, this.world)?.setProgress(current, total, step ?? speaker?.name ?? null);
  }

  setMetrics(given: Json, isRuntime: boolean): void {
    const { value = null, step: named = null } = this.#arguments(given, ['value', 'step']);
    const step = named as string | null;
    if (this.world.differs('one-step-rule')) return this.#setMetricsByOneRule(value, step ?? undefined, isRuntime);
    const owner = step ?? this.#metricsOwner(isRuntime); // looked for before anything is written
    loggerOf(this.sink, this.world)?.setMetrics(value, owner);
  }

  #setMetricsByOneRule(value: Json, step: string | undefined, isRuntime: boolean): void {
    checkName(step, this.world);
    checkMapping(value, 'value', this.world);
    loggerOf(this.sink, this.world)?.setMetrics(value, step ?? this.speaker(isRuntime)?.name ?? null);
  }

  /** The SDK's runtime context needs a step, and its step context does not look at the logger. */
  #metricsOwner(isRuntime: boolean): string {
    if (isRuntime) throw pythonsOwn('TypeError');
    if (this.current !== null) return this.current.name;
    throw this.world.refusal('ValueError', {
      sdk: 'step must be provided when not executing within a step (current_step is None)',
      ours: 'Metrics belong to a step, and none is running. Name one.',
    });
  }

  #ownStep(isRuntime: boolean): string | null {
    return isRuntime ? null : (this.current?.name ?? null);
  }

  /** `log_metric` and its like: by the logger's own method if it has one. */
  special(verb: string, given: Json): void {
    const { event, data, file } = specialEntry(verb, given);
    const { sink } = this;
    if (event !== 'dev_event' && sink instanceof ModelJobLogger && !this.world.differs('job-is-told-all')) {
      if (event === 'trials') checkTrials(data, this.world);
      const step = this.world.differs('one-step-rule') ? this.speaker(true) : null;
      sink.log({ event, data, level: null, file, step: step?.name ?? null });
    } else this.#say({ event, data, level: event === 'dev_event' ? 'debug' : 'info', file }, true);
  }

  #say(entry: { event: string; data: Json; level: string; file: string | null }, isRuntime: boolean): void {
    checkLevel(entry.level, this.world);
    if (!this.world.differs('one-step-rule')) return loggerOf(this.sink, this.world)?.log(entry);
    checkMapping(entry.data, 'data', this.world);
    loggerOf(this.sink, this.world)?.log({ ...entry, step: this.speaker(isRuntime)?.name ?? null });
  }

  #arguments(given: Json, names: readonly string[]): Record<string, Json> {
    if (this.world.differs('category-is-step')) {
      const { category, ...named } = namedArguments(given, [...names, 'category']);
      return category === undefined ? named : { step: category, ...named };
    }
    try {
      if (this.world.release === 'current') return namedArguments(given, names);
      // The weighted release calls the step by its older name.
      const { category, ...named } = namedArguments(given, names.with(-1, 'category'));
      return category === undefined ? named : { ...named, step: category };
    } catch (error) {
      throw error instanceof UnknownArgumentError ? pythonsOwn('TypeError') : error;
    }
  }
}

interface SpecialEntry {
  readonly event: string;
  readonly data: Record<string, Json>;
  readonly file: string | null;
}

function specialEntry(verb: string, given: Json): SpecialEntry {
  switch (verb) {
    case 'metric': {
      const { category = null, key = null, value = null, more = {} } = asObject(given);
      return { event: 'metric', data: { category, key, value, metrics: more }, file: null };
    }
    case 'visualization': {
      const { category = null, group = null, index = null, image, more = {} } = asObject(given);
      return { event: 'visualization', data: { category, group, index, ...asObject(more) }, file: asText(image) };
    }
    case 'trials':
      return { event: 'trials', data: trialsPayload(asObject(given)), file: null };
    case 'dev_event': {
      const [message = null, data = null] = asList(given);
      return { event: 'dev_event', data: { message, data }, file: null };
    }
    default:
      throw new Error(`Unknown action '${verb}'.`);
  }
}

export function trialsPayload(given: Record<string, Json>): Record<string, Json> {
  if (given['data'] !== undefined && given['data'] !== null) return asObject(given['data']);
  const { trials = {}, base = [], hyperparameters = [], metrics = [], best_trial: best = '' } = given;
  return { base, trials, hyperparameters, metrics, best_trial: best };
}
