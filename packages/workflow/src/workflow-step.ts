import { ConfiguredStep, errorMessage, type BaseStep, type JsonObject } from '@synapse-steps/core';
import { closestFirst, didYouMean } from './file/closest-first.js';
import { locate, problemAt } from './file/locate.js';
import type { StepDefinition } from './file/workflow-file-schema.js';
import type { WorkflowFile } from './file/read-workflow-file.js';
import type { PluginReference, StepReference } from './file/step-reference.js';
import { findStep } from './modules/find-export.js';
import type { ModuleLoader } from './modules/module-loader.js';
import { checkParams, describeSchema, InvalidParamsError, type ParamProblem } from './params/check-params.js';
import { checkByPluginSchema } from './params/plugin-schema.js';
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

/** Finds the step that the file's step number `index` (from 0) names, and gives it what the file says about it. */
export async function resolveStep(
  sources: StepSources,
  index: number,
  reference: StepReference,
): Promise<WorkflowStep> {
  const { file } = sources;
  const definition = file.definition.steps[index] as StepDefinition;
  const found = await locate(file, ['steps', index, 'uses'], () => findReferenced(sources, index, reference));
  const params = await stepParams(file, index, found);
  return {
    step: configure(found.step, definition, params),
    uses: definition.uses,
    plugin: found.plugin,
    paramsSchema: found.paramsSchema,
  };
}

async function findReferenced(sources: StepSources, index: number, reference: StepReference): Promise<FoundStep> {
  if (reference.kind === 'plugin') return findPluginStep(sources, index, reference);
  const { path } = reference;
  const exports = await sources.modules.load(path).catch((error: unknown) => {
    throw new Error(`${path} cannot be loaded: ${errorMessage(error)}.`, { cause: error });
  });
  const step = inFile(path, () => findStep(exports, reference));
  const schema = (step.constructor as { readonly stepParams?: unknown }).stepParams;
  return {
    step,
    paramsSchema: describeSchema(schema),
    checkParams: async (params) => (schema === undefined ? params : await checkParams(schema, params ?? {}, "'with'")),
  };
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
  index: number,
  reference: PluginReference,
): Promise<FoundStep> {
  const { plugin, step: name } = reference;
  const session = await plugins.session(plugin);
  const description = session.steps.find((step) => step.name === name);
  if (description === undefined) {
    const known = session.steps.map((step) => step.name);
    const listed = known.length === 0 ? 'It offers no steps.' : `Its steps: ${closestFirst(name, known).join(', ')}.`;
    throw problemAt(
      file,
      ['steps', index, 'uses'],
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
      return params; // the plugin fills in its own defaults
    },
  };
}

async function stepParams(file: WorkflowFile, index: number, found: FoundStep): Promise<JsonObject | undefined> {
  try {
    return await found.checkParams(file.definition.steps[index]?.with);
  } catch (error) {
    const problems =
      error instanceof InvalidParamsError ? error.problems : [{ path: [], message: errorMessage(error) }];
    throw new WorkflowError(
      problems.map((problem) => stepParamProblem(file, index, { ...problem, step: found.step.name })),
    );
  }
}

function stepParamProblem(
  file: WorkflowFile,
  index: number,
  { path, message, step }: ParamProblem & { readonly step: string },
): WorkflowProblem {
  const what = path.length === 0 ? `'with'` : `'${path.join('.')}' in 'with'`;
  const position = file.source.positionOfValue(['steps', index, 'with', ...path]);
  return { file: file.file, ...position, message: `${what} of step ${index + 1} (${step}) is not right: ${message}.` };
}

function configure(step: BaseStep, definition: StepDefinition, params: JsonObject | undefined): BaseStep {
  const { name, weight, optional } = definition;
  if (name === undefined && weight === undefined && optional === undefined && params === undefined) return step;
  return new ConfiguredStep(step, {
    ...(name !== undefined && { name }),
    ...(weight !== undefined && { weight }),
    ...(optional !== undefined && { optional }),
    ...(params !== undefined && { params }),
  });
}
