import { asText } from '../cases/only-item.js';
import type { Action, Json, Outcome, StepSpec } from '../cases/vector-file.js';
import type { ModelContext, ModelResult } from './model-context.js';
import { ModelLogger } from './model-logger.js';
import { PythonError, pythonsOwn, raiseIfTold, scriptedError } from './python-error.js';
import { pythonRound, pythonTruth } from './python-text.js';
import type { World } from './world.js';

/** What stands for a result that is none; undefined for nothing. */
export type ModelAnswer = ModelResult | { readonly odd: Json | undefined };
export type ModelPerform = (action: Action, context: ModelContext) => void;

export interface ModelStep {
  readonly name: string;
  readonly className: string;
  readonly weight: number;
  readonly proportion: number;
  readonly canUndo: boolean;
  canSkip(context: ModelContext): Json;
  execute(context: ModelContext): ModelAnswer;
  rollback(context: ModelContext, result: ModelResult): void;
}

export function isResult(answer: ModelAnswer): answer is ModelResult {
  return !('odd' in answer);
}

export function makeModelStep(spec: StepSpec, world: World, perform: ModelPerform): ModelStep {
  const step = spec.validator === undefined ? scripted(spec, world, perform) : validation(spec, world);
  return (spec.wrap ?? []).reduceRight<ModelStep>(
    (inner, wrapper) => (wrapper === 'logged' ? logged(inner, world) : timed(inner, world)),
    step,
  );
}

export function look(where: string, context: ModelContext): void {
  const { world, current, sink } = context;
  const ownStep = sink instanceof ModelLogger ? sink.step : null;
  const order = world.release === 'weighted' ? null : (current?.order ?? null);
  world.seen.push([where, current?.name ?? null, order, ownStep]);
}

function enter(call: string, context: ModelContext): void {
  context.world.calls.push(call);
  look(call, context);
}

function scripted(spec: StepSpec, world: World, perform: ModelPerform): ModelStep {
  const name = asText(spec.name);
  let executions = 0;
  const doing = (method: 'can_skip' | 'execute' | 'rollback', context: ModelContext): void => {
    enter(`${name}.${method}`, context);
    for (const action of spec.do?.[method] ?? []) perform(action, context);
  };
  return {
    name,
    className: 'ScriptedStep',
    weight: spec.weight ?? 1,
    proportion: spec.proportion ?? 0,
    canUndo: true,
    canSkip(context) {
      doing('can_skip', context);
      const script = spec.can_skip ?? false;
      const isState = typeof script === 'object' && script !== null && !Array.isArray(script);
      return isState && 'state' in script ? (world.state[asText(script['state'])] ?? null) : raiseIfTold(script, world);
    },
    execute(context) {
      doing('execute', context);
      const script = spec.execute ?? { ok: {} };
      const outcome = Array.isArray(script) ? script[Math.min(executions, script.length - 1)] : script;
      executions += 1;
      return answerOf(outcome as Outcome, world);
    },
    rollback(context, { success, error, rollback_data }) {
      world.rollbacks.push({ step: name, success, error, rollback_data: structuredClone(rollback_data) });
      doing('rollback', context);
      raiseIfTold(spec.rollback ?? 'ok', world);
    },
  };
}

function answerOf(outcome: Outcome, world: World): ModelAnswer {
  if ('raise' in outcome) throw scriptedError(outcome.raise, world);
  if ('ok' in outcome) return resultOf({ success: true, ...outcome.ok });
  if ('fail' in outcome) return resultOf({ ...outcome.with, success: false, error: outcome.fail });
  return { odd: 'none' in outcome ? undefined : outcome.value };
}

export function resultOf(fields: { [K in keyof ModelResult]?: ModelResult[K] | undefined | null }): ModelResult {
  const { success, data, error, rollback_data, skipped } = structuredClone(fields);
  return {
    success: success ?? true,
    data: data ?? {},
    error: error ?? null,
    rollback_data: rollback_data ?? {},
    skipped: skipped ?? false,
  };
}

function validation({ validator = null, name = 'validate', weight = 0.05 }: StepSpec, world: World): ModelStep {
  return {
    name,
    className: 'ValidationStep',
    weight,
    proportion: 0,
    canUndo: false,
    canSkip: () => false,
    execute(context) {
      enter('validator', context);
      const script = raiseIfTold(validator, world);
      const [ok, error] = world.differs('validator-answers') ? ourPair(script, name) : pythonPair(script);
      if (world.differs('js-truth') ? Boolean(ok) : pythonTruth(ok)) return resultOf({});
      return resultOf({ success: false, error: error as string | null });
    },
    rollback() {},
  };
}

/** Python unpacks texts and mappings too. */
function pythonPair(answer: Json): readonly [Json, Json] {
  const items = typeof answer === 'string' ? Array.from(answer) : Array.isArray(answer) ? answer : keysOf(answer);
  const [ok = null, error = null] = items;
  if (items.length > 2) throw new PythonError('ValueError', 'too many values to unpack (expected 2)');
  if (items.length < 2)
    throw new PythonError('ValueError', `not enough values to unpack (expected 2, got ${items.length})`);
  return [ok, error];
}

function keysOf(answer: Json): Json[] {
  if (typeof answer === 'object' && answer !== null) return Object.keys(answer);
  throw pythonsOwn('TypeError');
}

function ourPair(answer: Json, step: string): readonly [Json, Json] {
  if (answer === null || answer === true) return [true, null];
  if (typeof answer === 'string') return [false, answer];
  if (Array.isArray(answer) && answer.length === 2) {
    const [ok = null, error = null] = answer;
    return [ok, error === null || typeof error === 'string' ? error : JSON.stringify(error)];
  }
  throw new PythonError(
    'ValueError',
    `The validator of '${step}' answered ${JSON.stringify(answer)}. It must answer nothing or true, a reason, or a pair [ok, reason].`,
  );
}

function logged(inner: ModelStep, world: World): ModelStep {
  const { name: step } = inner;
  return {
    ...wrapping(inner, 'logged', 'LoggingStep'),
    proportion: world.differs('weights-are-shares') ? inner.proportion : 0,
    execute(context) {
      context.log({ event: 'step_start', data: { step } });
      const started = world.seconds;
      const end = (rest: Record<string, Json>, level = 'info'): void =>
        context.log({
          event: 'step_end',
          data: { step, elapsed: pythonRound(world.seconds - started, 3), ...rest },
          level,
        });
      const answer = observed(() => inner.execute(context), {
        world,
        onError: (error) => end({ success: false, skipped: false, error: error.message }, 'error'),
      });
      if (isResult(answer)) end({ success: answer.success, skipped: answer.skipped });
      else if (world.differs('wrappers-see-errors')) end({ success: false, skipped: false });
      else throw pythonsOwn();
      return answer;
    },
    rollback(context, result) {
      context.log({ event: 'step_rollback', data: { step } });
      inner.rollback(context, result);
    },
  };
}

function timed(inner: ModelStep, world: World): ModelStep {
  return {
    ...wrapping(inner, 'timed', 'TimingStep'),
    proportion: world.differs('weights-are-shares') ? inner.proportion : 0,
    execute(context) {
      const started = world.seconds;
      let answer: ModelAnswer;
      try {
        answer = inner.execute(context);
      } catch (error) {
        if (!(error instanceof PythonError) || !world.differs('wrappers-see-errors')) throw error;
        if (error.isExit && !world.differs('nothing-escapes')) throw error;
        answer = resultOf({ success: false, error: error.message });
      }
      if (!isResult(answer)) {
        if (world.differs('wrappers-see-errors')) return answer;
        throw pythonsOwn();
      }
      const duration = { duration_seconds: pythonRound(world.seconds - started, 6) };
      answer.data = world.differs('own-values-stay')
        ? { ...duration, ...answer.data }
        : { ...answer.data, ...duration };
      return answer;
    },
    rollback: (context, result) => inner.rollback(context, result),
  };
}

function wrapping(
  inner: ModelStep,
  prefix: string,
  className: string,
): Omit<ModelStep, 'execute' | 'rollback' | 'proportion'> {
  const { name, weight, canUndo } = inner;
  return { name: `${prefix}_${name}`, className, weight, canUndo, canSkip: (context) => inner.canSkip(context) };
}

function observed(
  execute: () => ModelAnswer,
  { world, onError }: { readonly world: World; readonly onError: (error: PythonError) => void },
): ModelAnswer {
  try {
    return execute();
  } catch (error) {
    if (error instanceof PythonError && world.differs('wrappers-see-errors')) {
      if (!error.isExit || world.differs('nothing-escapes')) onError(error);
    }
    throw error;
  }
}
