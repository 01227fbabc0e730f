import {
  BaseAction,
  checkParams,
  errorMessage,
  InvalidParamsError,
  type ActionClass,
  type BaseStep,
  type JsonObject,
  type ParamProblem,
  type RuntimeContext,
  closestFirst,
  didYouMean,
} from '@synapse-steps/core';
import { actionProblem, makeAction } from './actions/make-action.js';
import { configureStep, parallelStep } from './configure-step.js';
import { locate, problemAt, settleAll } from './file/locate.js';
import type { WorkflowFile } from './file/read-workflow-file.js';
import type { FileStep, SingleStep } from './file/read-references.js';
import type { PluginReference } from './file/step-reference.js';
import { findStepOrAction } from './modules/find-export.js';
import type { ModuleLoader } from './modules/module-loader.js';
import { describeSchema, paramProblems } from './params/check-params.js';
import { checkByPluginSchema } from './params/plugin-schema.js';
import { unknownKeys } from './params/unknown-keys.js';
import type { PluginGroup } from './plugins/plugin-group.js';
import { WorkflowError, type WorkflowProblem } from './workflow-error.js';

/** A step of a workflow, and where it comes from. */
export interface WorkflowStep {
  readonly step: BaseStep;
  /** As the file says it: `./steps/load.ts#LoadStep` or `plugin/step`. */
  readonly uses: string;
  /** The name of the plugin that runs it; undefined for a step of this process. */
  readonly plugin: string | undefined;
  /** What `with` of the step may hold, as JSON schema, where that is known. */
  readonly paramsSchema: JsonObject | undefined;
  /** The steps inside it, where it is several in parallel. */
  readonly children: readonly WorkflowStep[];
}

export interface StepSources {
  readonly file: WorkflowFile;
  readonly modules: ModuleLoader;
  readonly plugins: PluginGroup;
  /** What the host lends; an action gets its own params over it. */
  readonly runtimeContext: RuntimeContext;
}

interface FoundStep {
  readonly name: string;
  readonly plugin?: string;
  readonly paramsSchema: JsonObject | undefined;
  /** Checks `with` and gives back the step, and what it shall see. @throws InvalidParamsError */
  withParams(params: JsonObject | undefined): Promise<StepWithParams>;
}

interface StepWithParams {
  readonly step: BaseStep;
  readonly params: JsonObject | undefined;
}

/** Finds what a step of the file names, and gives it what the file says about it. */
export async function resolveStep(sources: StepSources, step: FileStep): Promise<WorkflowStep> {
  if (step.kind === 'single') return await resolveSingle(sources, step);
  const children = await settleAll(step.children.map(async (child) => await resolveSingle(sources, child)));
  const made = await locate(sources.file, step.path, () =>
    parallelStep(
      children.map((child) => child.step),
      step.definition,
    ),
  );
  return { step: made, uses: 'parallel', plugin: undefined, paramsSchema: undefined, children };
}

async function resolveSingle(sources: StepSources, step: SingleStep): Promise<WorkflowStep> {
  const { file } = sources;
  const { path, definition } = step;
  const found = await locate(file, [...path, 'uses'], () => findReferenced(sources, step));
  const { step: made, params } = await withParams(file, step, found);
  return {
    step: await locate(file, path, () => configureStep(made, definition, params)),
    uses: definition.uses,
    plugin: found.plugin,
    paramsSchema: found.paramsSchema,
    children: [],
  };
}

async function findReferenced(sources: StepSources, step: SingleStep): Promise<FoundStep> {
  const { reference } = step;
  if (reference.kind === 'plugin') return findPluginStep(sources, step, reference);
  const { path } = reference;
  const exports = await sources.modules.load(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be loaded: ${errorMessage(error)}.`, { cause: error });
  });
  const found = inFile(path, () => findStepOrAction(exports, reference));
  return BaseAction.isClass(found) ? actionFound(sources, step, found) : stepFound(found);
}

function stepFound(step: BaseStep): FoundStep {
  const schema = (step.constructor as { readonly stepParams?: unknown }).stepParams;
  const paramsSchema = describeSchema(schema);
  return {
    name: step.name,
    paramsSchema,
    async withParams(params) {
      if (schema === undefined) return { step, params };
      const checked = await checkParams(schema, params ?? {}, "'with'");
      refuseUnknown(paramsSchema, params);
      return { step, params: checked };
    },
  };
}

/** An action becomes a step with steps inside it: which those are depends on its params. */
function actionFound({ file, runtimeContext }: StepSources, { path }: SingleStep, Action: ActionClass): FoundStep {
  const paramsSchema = describeSchema(Action.params);
  return {
    name: Action.name,
    paramsSchema,
    async withParams(params = {}) {
      refuseUnknown(paramsSchema, params);
      try {
        const step = await makeAction(Action, params, runtimeContext).toStep();
        return { step, params: step.childContext?.params ?? params };
      } catch (error) {
        if (InvalidParamsError.is(error)) throw error;
        throw problemAt(file, [...path, 'uses'], actionProblem(Action, error));
      }
    },
  };
}

function refuseUnknown(schema: JsonObject | undefined, params: JsonObject | undefined): void {
  const unknown = schema === undefined ? [] : unknownKeys(schema, params ?? {});
  if (unknown.length === 0) return;
  throw new InvalidParamsError(unknown.map((key) => ({ path: [key], message: 'the step does not know it' })));
}

/** Names the file in what `find` throws. */
export function inFile<T>(path: string, find: () => T): T {
  try {
    return find();
  } catch (error) {
    throw new Error(`${path}: ${errorMessage(error)}`, { cause: error });
  }
}

async function findPluginStep(
  { file, plugins }: StepSources,
  { path }: SingleStep,
  { plugin, step: name }: PluginReference,
): Promise<FoundStep> {
  const session = await plugins.session(plugin);
  const description = session.steps.find((step) => step.name === name);
  if (description === undefined) {
    const known = session.steps.map((step) => step.name);
    const listed = known.length === 0 ? 'It offers no steps.' : `Its steps: ${closestFirst(name, known).join(', ')}.`;
    throw problemAt(
      file,
      [...path, 'uses'],
      `the plugin '${plugin}' has no step '${name}'. ${didYouMean(name, known)}${listed}`,
    );
  }
  const paramsSchema = (description.step_params ?? undefined) as JsonObject | undefined;
  const step = session.step(name);
  return {
    name,
    plugin,
    paramsSchema,
    async withParams(params) {
      const problems = paramsSchema === undefined ? [] : await checkByPluginSchema(paramsSchema, params ?? {});
      if (problems.length > 0) throw new InvalidParamsError(problems);
      refuseUnknown(paramsSchema, params);
      return { step, params }; // the plugin fills in its own defaults
    },
  };
}

async function withParams(file: WorkflowFile, step: SingleStep, found: FoundStep): Promise<StepWithParams> {
  try {
    return await found.withParams(step.definition.with);
  } catch (error) {
    if (error instanceof WorkflowError) throw error;
    const problems = paramProblems(error).map((problem) => ({ ...problem, name: found.name }));
    throw new WorkflowError(problems.map((problem) => stepParamProblem(file, step, problem)));
  }
}

function stepParamProblem(
  file: WorkflowFile,
  step: SingleStep,
  { path, message, name }: ParamProblem & { readonly name: string },
): WorkflowProblem {
  const what = path.length === 0 ? `'with'` : `'${path.join('.')}' in 'with'`;
  const position = file.source.positionOfValue([...step.path, 'with', ...path]);
  return {
    file: file.file,
    ...position,
    message: `${what} of step ${step.number} (${name}) is not right: ${message}.`,
  };
}
