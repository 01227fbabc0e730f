import type { BaseStepContext, LogLevel, Message, RuntimeContext, Translations } from '@synapse-steps/core';
import { StandInCall } from '@synapse-steps/core/testing';
import { uploadMessages } from '@synapse-steps/upload';
import { asList, asNumber, asObject, asText, namedArguments } from '../cases/only-item.js';
import type { Json } from '../cases/vector-file.js';

type Target = BaseStepContext | RuntimeContext;

/** What both the step context and the runtime context can say. */
export const sayings: Readonly<Record<string, (target: Target, given: Json) => void>> = {
  log(target, given) {
    const { event, data = {}, file, level } = asObject(given);
    target.log(asText(event), data as Record<string, unknown>, {
      ...(level !== undefined && { level: level as LogLevel }),
      ...(typeof file === 'string' && { file }),
    });
  },
  progress(target, given) {
    const { current, total, step, category } = namedArguments(given, ['current', 'total', 'step', 'category']);
    target.setProgress(current as number, total as number, categoryOf(step, category));
  },
  metrics(target, given) {
    const { value, step, category } = namedArguments(given, ['value', 'step', 'category']);
    target.setMetrics(value as Record<string, unknown>, categoryOf(step, category).category);
  },
  message(target, given) {
    const { level, context, language, values } = asObject(given);
    const loudness = (context ?? level) as LogLevel | undefined;
    target.logMessage(messageOf(asObject(given)), {
      ...(loudness !== undefined && { level: loudness }),
      ...(language !== undefined && { language: asText(language) }),
      ...(values !== undefined && { values: asObject(values) }),
    });
  },
};

function categoryOf(step: Json | undefined, category: Json | undefined): { readonly category?: string } {
  const named = step ?? category;
  return named === undefined || named === null ? {} : { category: asText(named) };
}

function messageOf({ code, localized, text }: Record<string, Json>): Message {
  if (localized !== undefined) return localized as unknown as Translations;
  if (code === undefined) return text as unknown as string | Translations;
  const found = uploadMessages.find(asText(code));
  if (found === undefined) throw new Error(`There is no message code '${asText(code)}'.`);
  return found;
}

/** What only the runtime context can say. */
export const runtimeSayings: Readonly<Record<string, (target: RuntimeContext, given: Json) => void>> = {
  metric(target, given) {
    const { category, key, value, more = {} } = asObject(given);
    target.logMetric(asText(category), asText(key), { value: asNumber(value), more: asObject(more) });
  },
  visualization(target, given) {
    const { category, group, index, image, more = {} } = asObject(given);
    target.logVisualization({
      ...asObject(more),
      category: asText(category),
      group: asText(group),
      index: asNumber(index),
      image: asText(image),
    });
  },
  trials(target, given) {
    target.logTrials(trialsOf(asObject(given)));
  },
  dev_event(target, given) {
    const [text, data = null] = asList(given);
    target.logDevEvent(asText(text), data === null ? null : asObject(data));
  },
  end_log(target) {
    target.endLog();
  },
};

/** The arguments of `log_trials` under our names. */
export function trialsOf(given: Record<string, Json>): Parameters<RuntimeContext['logTrials']>[0] {
  if (given['data'] !== undefined && given['data'] !== null) return { data: asObject(given['data']) };
  const { best_trial, data: _data, ...others } = given;
  return { ...others, ...(best_trial !== undefined && { bestTrial: asText(best_trial) }) };
}

/** What only the step context can do, without a registry. */
export const contextActions: Readonly<Record<string, (context: BaseStepContext, given: Json) => void>> = {
  append_error(context, given) {
    context.errors.push(asText(given));
  },
  mark_user_failure_emitted(context) {
    context.markUserFailureEmitted();
  },
  current_step(context, given) {
    const [step = null, order] = asList(given);
    const isIdle = context.currentStep === undefined || standIns.has(context);
    if (!isIdle) return; // within a run nobody can say that another step is running
    if (step !== null) standIns.set(context, StandInCall.on(context, asText(step), order as number | undefined));
    else standIns.get(context)?.end();
  },
};

const standIns = new WeakMap<BaseStepContext, StandInCall>();
