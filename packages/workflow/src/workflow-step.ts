import { errorMessage, type BaseStep, type JsonObject } from '@synapse-steps/core';
import { configureStep, parallelStep } from './configure-step.js';
import { closestFirst, didYouMean } from './file/closest-first.js';
import { locate, problemAt, settleAll } from './file/locate.js';
import type { WorkflowFile } from './file/read-workflow-file.js';
import type { FileStep, SingleStep } from './file/read-references.js';
import type { PluginReference } from './file/step-reference.js';
import { findStep } from './modules/find-export.js';
import type { ModuleLoader } from './modules/module-loader.js';
import { checkParams, describeSchema, InvalidParamsError, type ParamProblem } from './params/check-params.js';
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
}

interface FoundStep {
  readonly step: BaseStep;
  readonly plugin?: string;
  readonly paramsSchema: JsonObject | undefined;
  /** Checks `with` and gives back what the step shall see. @throws InvalidParamsError */
  checkParams(params: JsonObject | undefined): Promise<JsonObject | undefined>;
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
  const params = await stepParams(file, step, found);
  return {
    step: await locate(file, path, () => configureStep(found.step, definition, params)),
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
  const found = inFile(path, () => findStep(exports, reference));
  const schema = (found.constructor as { readonly stepParams?: unknown }).stepParams;
  const paramsSchema = describeSchema(schema);
  return {
    step: found,
    paramsSchema,
    async checkParams(params) {
      if (schema === undefined) return params;
      const checked = await checkParams(schema, params ?? {}, "'with'");
      refuseUnknown(paramsSchema, params);
      return checked;
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
  return {
    step: session.step(name),
    plugin,
    paramsSchema,
    async checkParams(params) {
      const problems = paramsSchema === undefined ? [] : await checkByPluginSchema(paramsSchema, params ?? {});
      if (problems.length > 0) throw new InvalidParamsError(problems);
      refuseUnknown(paramsSchema, params);
      return params; // the plugin fills in its own defaults
    },
  };
}

async function stepParams(file: WorkflowFile, step: SingleStep, found: FoundStep): Promise<JsonObject | undefined> {
  try {
    return await found.checkParams(step.definition.with);
  } catch (error) {
    const problems =
      error instanceof InvalidParamsError ? error.problems : [{ path: [], message: errorMessage(error) }];
    throw new WorkflowError(
      problems.map((problem) => stepParamProblem(file, step, { ...problem, name: found.step.name })),
    );
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
