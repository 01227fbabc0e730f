import { asList, asNumber, asObject, asText, namedArguments, onlyItem } from '../cases/only-item.js';
import type { Action, Json } from '../cases/vector-file.js';
import { trialsPayload } from './model-context.js';
import { checkTrials, ModelJobLogger } from './model-job-logger.js';
import type { ModelLogger } from './model-logger.js';
import { PythonError, pythonsOwn } from './python-error.js';
import type { World } from './world.js';

/** One operation of a case on a modelled logger; null when it returns nothing. */
export function modelOperation(logger: ModelLogger, op: Action, world: World): unknown {
  const [verb, given] = onlyItem(op);
  if (verb === 'advance') world.seconds += asNumber(given);
  else if (verb === 'repeat') {
    const [times, repeated] = asList(given);
    for (let count = 0; count < asNumber(times); count += 1) modelOperation(logger, repeated as Action, world);
  } else if (verb in operations) return operations[verb]?.(logger, given, world) ?? null;
  else if (!(verb in jobOperations)) throw new Error(`Unknown operation '${verb}' of a logger.`);
  else if (!(logger instanceof ModelJobLogger)) throw pythonsOwn();
  else return jobOperations[verb]?.(logger, given, world) ?? null;
  return null;
}

type Operation<TLogger> = (logger: TLogger, given: Json, world: World) => unknown;

const SHORT_FORMS = ['info', 'warning', 'error', 'critical'].map((level): [string, Operation<ModelLogger>] => [
  level,
  (logger, given) => logger.log({ event: 'message', data: { content: textOf(given) }, level }),
]);

const operations: Readonly<Record<string, Operation<ModelLogger>>> = {
  ...Object.fromEntries(SHORT_FORMS),
  debug: (logger, given) => logger.log({ event: 'debug', data: { content: textOf(given) }, level: 'debug' }),
  log(logger, given, world) {
    const { level, level_is_text: isText, event, data = null, file = null, step = null } = asObject(given);
    if (isText === true && !world.differs('levels-are-words') && !logger.isFinished) {
      throw new PythonError('TypeError', 'level must be a LogLevel enum, got <python>');
    }
    logger.log({
      event: asText(event),
      data,
      level: asText(level),
      file: file as string | null,
      step: step as string | null,
    });
  },
  set_step(logger, given) {
    const { step = null, order = null } = namedArguments(given, ['step', 'order']);
    logger.setStep(step as string | null, order as number | null);
  },
  get_step: (logger) => logger.step,
  get_step_order: (logger) => logger.order,
  set_progress(logger, given) {
    const { current, total, step = null } = namedArguments(given, ['current', 'total', 'step']);
    logger.setProgress(asNumber(current), asNumber(total), step as string | null);
  },
  set_progress_failed: (logger, given) =>
    logger.setProgressFailed((namedArguments(given, ['step'])['step'] ?? null) as string | null),
  set_metrics(logger, given) {
    const { value = null, step = null } = namedArguments(given, ['value', 'step']);
    logger.setMetrics(value, step as string | null);
  },
  get_progress: (logger, given) =>
    logger.getProgress((namedArguments(given, ['step'])['step'] ?? null) as string | null),
  get_metrics(logger, given) {
    const { step = null } = namedArguments(given, ['step']);
    return structuredClone(step === null ? logger.metrics : (logger.metrics[asText(step)] ?? {}));
  },
  get_progress_record(logger, given) {
    const { time_elapsed: elapsed } = namedArguments(given, ['time_elapsed']);
    if (!(logger instanceof ModelJobLogger)) return null;
    return structuredClone(logger.progress.record(logger.order, elapsed as number | undefined));
  },
  finish: (logger) => logger.finish(),
};

const jobOperations: Readonly<Record<string, Operation<ModelJobLogger>>> = {
  set_step_proportions(logger, given) {
    const { proportions, orders } = namedArguments(given, ['proportions', 'orders']);
    logger.setStepProportions(
      asObject(proportions) as Record<string, number>,
      (orders ?? {}) as Record<string, number>,
    );
  },
  log_metric(logger, given) {
    const {
      category = null,
      key = null,
      value = null,
      ...more
    } = Array.isArray(given) ? namedArguments(given, ['category', 'key', 'value']) : asObject(given);
    logger.logSpecial('metric', { category, key, value, metrics: more });
  },
  log_message(logger, given) {
    const { message = null, level } = namedArguments(given, ['message', 'level']);
    logger.logSpecial('message', { content: message }, typeof level === 'string' ? { level } : {});
  },
  log_event(logger, given) {
    const { event, data = {}, file } = namedArguments(given, ['event', 'data', 'file']);
    logger.logSpecial(asText(event), data, typeof file === 'string' ? { file } : {});
  },
  log_trials(logger, given, world) {
    const data = trialsPayload(Array.isArray(given) ? namedArguments(given, ['data']) : asObject(given));
    if (!logger.isFinished || !world.differs('job-is-told-all')) checkTrials(data, world);
    logger.logSpecial('trials', data);
  },
  log_visualization(logger, given) {
    const {
      category = null,
      group = null,
      index = null,
      image,
      ...more
    } = Array.isArray(given) ? namedArguments(given, ['category', 'group', 'index', 'image']) : asObject(given);
    logger.logSpecial('visualization', { category, group, index, ...more }, { file: asText(image) });
  },
  log_loss_report: (logger) => logger.lossReport(),
};

function textOf(given: Json): Json {
  return namedArguments(given, ['message'])['message'] ?? null;
}
