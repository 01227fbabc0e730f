import { copyJsonObject, type JsonObject } from '../json/json-value.js';
import { BaseLogger } from '../loggers/base-logger.js';
import {
  metricData,
  trialsData,
  visualizationData,
  type TrialsOptions,
  type VisualizationOptions,
} from '../loggers/special-entries.js';
import { coreMessages } from '../messages/message-catalog.js';
import { resolveMessage, type Message, type MessageOptions } from '../messages/resolve-message.js';
import { StepUsageError } from '../step/step-error.js';
import type { LogLevel } from '../events/run-event.js';
import { PluginEnvironment } from './plugin-environment.js';
import { sayLog, sayMetrics, sayProgress, type Speaker } from './speak.js';
import { STEP_CALL, type ProgressOptions, type StepCall } from './step-call.js';

export interface RuntimeContextOptions<TClient = unknown> {
  /** The workflow's parameters; JSON. Default `{}`. */
  readonly params?: JsonObject;
  /** Named settings, as in an environment. Default `{}`: nothing of the process's environment is taken over unasked. */
  readonly env?: PluginEnvironment | Readonly<Record<string, string>>;
  /** Reads the events of each run, and is written to directly outside of one. Default: none. */
  readonly logger?: BaseLogger;
  readonly jobId?: string;
  /** The backend's client. */
  readonly client?: TClient;
  /** The model that a training run starts from. */
  readonly checkpoint?: JsonObject;
  /** In which messages are written. Default: `SYNAPSE_LANGUAGE` of `env`, else `en`. */
  readonly language?: string;
  /** The directory from which the workflow was started; steps and plugins run there. Default: the process's own, `.`. */
  readonly workDir?: string;
}

/** Somebody who knows which step is running: the context of a run. */
interface CallHolder {
  readonly [STEP_CALL]: StepCall | undefined;
}

export interface RuntimeLogOptions {
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Name or address of a file that goes with the line. */
  readonly file?: string;
}

/**
 * What the host lends to a run. The steps of the run share it, unchanged. What is said on it while a step runs belongs to
 * that step (beside parallel steps: to the step around them).
 */
export class RuntimeContext<TClient = unknown> {
  readonly params: JsonObject;
  readonly env: PluginEnvironment;
  readonly logger: BaseLogger | undefined;
  readonly jobId: string | undefined;
  readonly client: TClient | undefined;
  readonly checkpoint: JsonObject | undefined;
  readonly language: string;
  readonly workDir: string;
  #voice: { speaker: CallHolder | undefined } = { speaker: undefined };

  constructor(options: RuntimeContextOptions<TClient> = {}) {
    this.params = copyJsonObject(options.params ?? {}, 'params');
    this.env = options.env instanceof PluginEnvironment ? options.env : new PluginEnvironment(options.env);
    this.logger = checkedLogger(options.logger);
    this.jobId = options.jobId;
    this.client = options.client;
    this.checkpoint = options.checkpoint;
    this.language = options.language ?? this.env.getText('SYNAPSE_LANGUAGE', 'en');
    this.workDir = options.workDir ?? '.';
  }

  /** A copy with these things replaced. What is said on it while a step runs belongs to that step, too. */
  with(changes: RuntimeContextOptions<TClient>): RuntimeContext<TClient> {
    const copy = new RuntimeContext<TClient>(Object.assign({}, this, changes));
    copy.#voice = this.#voice;
    return copy;
  }

  /** Writes an event with data into the log. @throws StepUsageError when `data` is no object. */
  log(event: string, data: Readonly<Record<string, unknown>> = {}, options: LogLevel | RuntimeLogOptions = {}): void {
    const { level = 'info', file } = typeof options === 'string' ? { level: options } : options;
    sayLog(this.#speaking, { level, event, data, ...(file !== undefined && { file }) });
  }

  /** Writes a text for people into the log. */
  logMessage(message: Message, options: LogLevel | MessageOptions = {}): void {
    sayLog(this.#speaking, this.resolve(message, options));
  }

  setProgress(current: number, total: number, options: ProgressOptions | string = {}): void {
    sayProgress(this.#speaking, [current, total], typeof options === 'string' ? { category: options } : options);
  }

  setMetrics(metrics: Record<string, unknown>, category?: string): void {
    sayMetrics(this.#speaking, metrics, category);
  }

  /** A value for a chart: the event `metric`. */
  logMetric(category: string, key: string, options: { readonly value: number; readonly more?: object }): void {
    this.log('metric', metricData(category, key, options));
  }

  /** An image for a gallery: the event `visualization`. */
  logVisualization(options: VisualizationOptions): void {
    this.log('visualization', visualizationData(options), { file: options.image });
  }

  /** The trials of a hyperparameter search: the event `trials`. */
  logTrials(options: TrialsOptions): void {
    this.log('trials', trialsData(options));
  }

  /** A note for developers: the event `dev_event`, level `debug`. */
  logDevEvent(message: string, data: Readonly<Record<string, unknown>> | null = null): void {
    this.log('dev_event', { message, data }, 'debug');
  }

  /** Says that the plugin is done. The logger goes on. */
  endLog(): void {
    this.logMessage(coreMessages.codes.PLUGIN_RUN_COMPLETE);
  }

  /** @internal A message in this context's language. */
  resolve(message: Message, options: LogLevel | MessageOptions): ReturnType<typeof resolveMessage> {
    const given = typeof options === 'string' ? { level: options } : options;
    return resolveMessage(message, { ...given, language: given.language ?? this.language });
  }

  /** @internal From now on `speaker` knows the running step; returns who knew it before. */
  speakThrough(speaker: CallHolder | undefined): CallHolder | undefined {
    const before = this.#voice.speaker;
    this.#voice.speaker = speaker;
    return before;
  }

  get #speaking(): Speaker {
    return { call: this.#voice.speaker?.[STEP_CALL], logger: this.logger };
  }
}

function checkedLogger(logger: BaseLogger | undefined): BaseLogger | undefined {
  if (logger === undefined || BaseLogger.is(logger)) return logger;
  throw new StepUsageError(
    'invalid_logger',
    'The logger of a runtime context must be a BaseLogger (ConsoleLogger, JobLogger, … or your own subclass). Leave it out to log nothing.',
  );
}
