import { JobLogger, type BaseLogger, type LogLevel } from '@synapse-steps/core';
import { asList, asNumber, asObject, asText, namedArguments, onlyItem } from '../cases/only-item.js';
import type { Action, Json } from '../cases/vector-file.js';
import { trialsOf } from './actions.js';
import { ScriptedError } from './scripted-error.js';
import type { VirtualClock } from './virtual-clock.js';

type Operation = (logger: BaseLogger, given: Json) => unknown;

/** One operation of a case on a logger; what it returns, in the words of the vectors. */
export async function operate(logger: BaseLogger, op: Action, clock: VirtualClock): Promise<unknown> {
  const [verb, given] = onlyItem(op);
  if (verb === 'advance') return clock.advance(asNumber(given));
  if (verb === 'repeat') {
    const [times, repeated] = asList(given);
    for (let count = 0; count < asNumber(times); count += 1) await operate(logger, repeated as Action, clock);
    return undefined;
  }
  const operation = operations[verb] ?? jobOperations[verb];
  if (operation === undefined) throw new Error(`Unknown operation '${verb}' of a logger.`);
  if (operations[verb] === undefined && !(logger instanceof JobLogger)) {
    throw new ScriptedError(['AttributeError', `there is no '${verb}' here`]);
  }
  return operation(logger, given);
}

const operations: Readonly<Record<string, Operation>> = {
  log(logger, given) {
    const { level, event, data, file, step } = asObject(given);
    logger.log(asText(event), data as Record<string, unknown>, {
      level: level as LogLevel,
      ...(typeof file === 'string' && { file }),
      ...(typeof step === 'string' && { step }),
    });
  },
  info: (logger, given) => logger.info(messageOf(given)),
  debug: (logger, given) => logger.debug(messageOf(given)),
  warning: (logger, given) => logger.warning(messageOf(given)),
  error: (logger, given) => logger.error(messageOf(given)),
  critical: (logger, given) => logger.critical(messageOf(given)),
  set_step(logger, given) {
    const { step = null, order } = namedArguments(given, ['step', 'order']);
    logger.setStep(step === null ? undefined : asText(step), typeof order === 'number' ? order : undefined);
  },
  get_step: (logger) => logger.step,
  get_step_order: (logger) => logger.stepOrder,
  set_progress(logger, given) {
    const { current, total, step } = namedArguments(given, ['current', 'total', 'step']);
    logger.setProgress(current as number, total as number, textOrNone(step));
  },
  set_progress_failed: (logger, given) => logger.setProgressFailed(textOrNone(namedArguments(given, ['step'])['step'])),
  set_metrics(logger, given) {
    const { value, step } = namedArguments(given, ['value', 'step']);
    logger.setMetrics(value as Record<string, unknown>, textOrNone(step));
  },
  get_progress(logger, given) {
    const progress = logger.getProgress(textOrNone(namedArguments(given, ['step'])['step']));
    if (progress === undefined) return undefined;
    const { percent, timeRemaining, elapsedTime, status } = progress;
    return { percent, time_remaining: timeRemaining, elapsed_time: elapsedTime, status };
  },
  get_metrics(logger, given) {
    const { step } = namedArguments(given, ['step']);
    return typeof step === 'string' ? logger.getMetrics(step) : logger.getMetrics();
  },
  get_progress_record(logger, given) {
    const { time_elapsed: timeElapsed } = namedArguments(given, ['time_elapsed']);
    if (!(logger instanceof JobLogger)) return undefined; // only a job has one
    return logger.getProgressRecord(typeof timeElapsed === 'number' ? { timeElapsed } : {});
  },
  finish: (logger) => logger.finish(),
};

const jobOperations: Readonly<Record<string, Operation>> = {
  set_step_proportions(logger, given) {
    const { proportions, orders } = namedArguments(given, ['proportions', 'orders']);
    const job = logger as JobLogger;
    job.setStepProportions(asObject(proportions) as Record<string, number>, (orders ?? {}) as Record<string, number>);
  },
  log_metric(logger, given) {
    const { category, key, value, ...more } = Array.isArray(given)
      ? namedArguments(given, ['category', 'key', 'value'])
      : asObject(given);
    logger.logMetric(asText(category), asText(key), { value: asNumber(value), more });
  },
  log_message(logger, given) {
    const { message, level } = namedArguments(given, ['message', 'level']);
    logger.logText(asText(message), typeof level === 'string' ? { level: level as LogLevel } : {});
  },
  log_event(logger, given) {
    const { event, data, file } = namedArguments(given, ['event', 'data', 'file']);
    logger.log(asText(event), asObject(data), typeof file === 'string' ? { file } : {});
  },
  log_trials(logger, given) {
    logger.logTrials(trialsOf(Array.isArray(given) ? namedArguments(given, ['data']) : asObject(given)));
  },
  log_visualization(logger, given) {
    const { category, group, index, image, ...more } = Array.isArray(given)
      ? namedArguments(given, ['category', 'group', 'index', 'image'])
      : asObject(given);
    logger.logVisualization({
      ...more,
      category: asText(category),
      group: asText(group),
      index: asNumber(index),
      image: asText(image),
    });
  },
  log_loss_report(logger) {
    const { dropped, unsent, deliveryUnconfirmed } = (logger as JobLogger).logLossReport();
    return { dropped, unsent, delivery_unconfirmed: deliveryUnconfirmed };
  },
};

function messageOf(given: Json): string {
  return asText(namedArguments(given, ['message'])['message']);
}

function textOrNone(value: Json | undefined): string | undefined {
  return value === undefined || value === null ? undefined : asText(value);
}
