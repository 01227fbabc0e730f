import { dirname, resolve } from 'node:path';
import {
  BaseAction,
  BaseStepContext,
  errorMessage,
  InvalidParamsError,
  RuntimeContext,
  StepRegistry,
  type ActionClass,
  type BaseStep,
  type JsonObject,
  type JsonValue,
  type RunReport,
  didYouMean,
} from '@synapse-steps/core';
import { abortable } from './abortable.js';
import { actionProblem, makeAction } from './actions/make-action.js';
import { parseTarget, type ModuleReference } from './file/step-reference.js';
import type { LoadWorkflowOptions } from './load-workflow.js';
import { LoadedWorkflow, type LoadedWorkflowParts } from './loaded-workflow.js';
import { findRunnable } from './modules/find-export.js';
import { ModuleLoader } from './modules/module-loader.js';
import { describeSchema, paramProblems } from './params/check-params.js';
import { givenParamProblem } from './params/resolve-params.js';
import { knownKeys, unknownKeys } from './params/unknown-keys.js';
import { WorkflowError } from './workflow-error.js';
import type { WorkflowStep } from './workflow-step.js';

/** An action, or steps of a file, that is ready to run. */
export class LoadedAction extends LoadedWorkflow {
  /** What the action returns after a run that succeeded; undefined for steps, which have no result. `warn` is told what does not fit the result's schema. */
  readonly createResult: ((report: RunReport, warn?: (text: string) => void) => Promise<unknown>) | undefined;

  constructor(parts: LoadedWorkflowParts, createResult: LoadedAction['createResult']) {
    super(parts);
    this.createResult = createResult;
  }
}

/** There is no plugin beside an action. */
type LoadActionOptions = Omit<LoadWorkflowOptions, 'onPluginLog' | 'onPluginEnvironment' | 'debug'>;

/**
 * Loads an export of a TypeScript or JavaScript file as something to run: an action, a step, a list of steps or a registry.
 *
 * @param target `file.ts#Export`, relative to the working directory.
 * @throws WorkflowError that lists every problem, those of params included. Nothing has run then.
 *
 * @example
 * const action = await loadAction('upload.ts#MyUpload', { params: { path: 'in' } });
 * const report = await new Orchestrator(action.registry, action.context, { workflow: action.name }).execute();
 * const result = await action.createResult?.(report);
 */
export async function loadAction(target: string, options: LoadActionOptions = {}): Promise<LoadedAction> {
  const workDir = resolve(options.workDir ?? process.cwd());
  const reference = parseTarget(target);
  if (reference === undefined) throw problem(target, 'this names no export. Write file.ts#Export.');
  const host = (options.runtimeContext ?? new RuntimeContext()).with({ workDir });
  const work = async (): Promise<LoadedAction> => {
    const found = await findTarget(target, reference, workDir);
    const { params = {} } = options;
    if (!BaseAction.isClass(found)) return stepsLoaded(found, { target, host, params });
    return await actionLoaded(found, { target, host, options });
  };
  return await abortable(work(), options.signal);
}

async function findTarget(
  target: string,
  reference: ModuleReference,
  workDir: string,
): Promise<readonly BaseStep[] | ActionClass> {
  const file = resolve(workDir, reference.path);
  try {
    const exports = await new ModuleLoader(dirname(file), 'the working directory')
      .load(file)
      .catch((error: unknown) => {
        throw new Error(`it cannot be loaded: ${errorMessage(error)}.`, { cause: error });
      });
    return findRunnable(exports, reference);
  } catch (error) {
    throw problem(target.slice(0, target.lastIndexOf('#')), errorMessage(error), error);
  }
}

interface StepsSource {
  readonly target: string;
  readonly host: RuntimeContext;
  readonly params: JsonObject;
}

function stepsLoaded(steps: readonly BaseStep[], { target, host, params }: StepsSource): LoadedAction {
  const registry = new StepRegistry();
  try {
    for (const step of steps) registry.register(step);
  } catch (error) {
    throw problem(target, errorMessage(error), error);
  }
  const name = target.slice(target.lastIndexOf('#') + 1);
  const context = new BaseStepContext(host.with({ params }));
  return new LoadedAction(partsOf({ name, registry, context, paramsSchema: undefined }), undefined);
}

interface ActionSource {
  readonly target: string;
  readonly host: RuntimeContext;
  readonly options: LoadActionOptions;
}

async function actionLoaded(Action: ActionClass, { target, host, options }: ActionSource): Promise<LoadedAction> {
  const { params = {}, checkParams = true } = options;
  const paramsSchema = describeSchema(Action.params);
  const unknown = unknownParams(params, paramsSchema);
  const refuse = (messages: readonly string[], cause?: unknown): never => {
    throw new WorkflowError(
      messages.map((message) => ({ file: target, message })),
      { cause },
    );
  };
  try {
    const { name, registry, context, createResult } = await makeAction(Action, params, host).prepare({ checkParams });
    if (unknown.length > 0) refuse(unknown);
    const warnings = undeclaredParams(params, paramsSchema);
    return new LoadedAction(partsOf({ name, registry, context, paramsSchema, warnings }), createResult);
  } catch (error) {
    if (error instanceof WorkflowError) throw error;
    if (!InvalidParamsError.is(error))
      return refuse([`${withFullStop(actionProblem(Action, error))}${checkParams ? '' : MAYBE_PARAMS}`], error);
    const wrong = paramProblems(error).filter(({ code }) => unknown.length === 0 || code !== 'unrecognized_keys');
    return refuse([...unknown, ...wrong.map((found) => givenParamProblem(found, params))], error);
  }
}

/** What was thrown may be a whole sentence. */
function withFullStop(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

const MAYBE_PARAMS = ' If its steps depend on its params, give those, too.';

/** A slip in a name must not leave the default in place unnoticed. */
function unknownParams(params: JsonObject, schema: JsonObject | undefined): string[] {
  const known = (schema && knownKeys(schema)) ?? [];
  const list = known.map((name) => `'${name}'`).join(', ') || 'none';
  return (schema ? unknownKeys(schema, params) : []).map(
    (name) => `there is no param '${name}'. ${didYouMean(name, known)}The action has: ${list}.`,
  );
}

/** Where a schema keeps what it does not declare, a slip in a name cannot be told from a param of the author's own. */
function undeclaredParams(params: JsonObject, { properties = {}, additionalProperties }: JsonObject = {}): string[] {
  if (additionalProperties === undefined || additionalProperties === false || !isObject(properties)) return [];
  const known = Object.keys(properties);
  return Object.keys(params)
    .filter((name) => !known.includes(name))
    .map((name) => `the param '${name}' is not declared; it is kept as it is. ${didYouMean(name, known)}`.trimEnd());
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

interface Prepared extends Pick<LoadedWorkflowParts, 'name' | 'registry' | 'paramsSchema' | 'warnings'> {
  readonly context: BaseStepContext;
}

function partsOf({ name, registry, context, paramsSchema, warnings }: Prepared): LoadedWorkflowParts {
  const steps = registry.getSteps().map(toWorkflowStep);
  const { params, workDir } = context.runtimeContext;
  return {
    name,
    registry,
    steps,
    context,
    params,
    paramsSchema,
    warnings,
    workDir,
    plugins: { close: async () => {} },
  };
}

function toWorkflowStep(step: BaseStep): WorkflowStep {
  return { step, uses: '', plugin: undefined, paramsSchema: undefined, children: [] };
}

function problem(file: string, message: string, cause?: unknown): WorkflowError {
  return new WorkflowError([{ file, message }], { cause });
}
