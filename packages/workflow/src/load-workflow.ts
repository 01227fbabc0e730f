import { resolve } from 'node:path';
import { BaseStepContext, errorMessage, RuntimeContext, StepRegistry, type JsonObject } from '@synapse-steps/core';
import { abortable } from './abortable.js';
import { locate, problemAt, settleAll } from './file/locate.js';
import { readReferences } from './file/read-references.js';
import { readWorkflowFile, type WorkflowFile } from './file/read-workflow-file.js';
import type { ModuleReference } from './file/step-reference.js';
import { LoadedWorkflow } from './loaded-workflow.js';
import { findContextClass, type ContextClass } from './modules/find-export.js';
import { ModuleLoader } from './modules/module-loader.js';
import { describeSchema } from './params/check-params.js';
import { resolveParams } from './params/resolve-params.js';
import { PluginGroup, type PluginEnvironmentLog, type PluginLog } from './plugins/plugin-group.js';
import { inFile, resolveStep, type StepSources, type WorkflowStep } from './workflow-step.js';

export interface LoadWorkflowOptions {
  /** Params over those of the file. */
  readonly params?: JsonObject;
  /** What the host lends: a backend client, a logger, environment. Default: nothing. */
  readonly runtimeContext?: RuntimeContext;
  /** Where the workflow was started: steps and plugins run there, and a relative `file` is looked for there. Default: the process's own. */
  readonly workDir?: string;
  /** False leaves the params unchecked: to look at a workflow, not to run it. Default true. */
  readonly checkParams?: boolean;
  /** Hears what plugins print outside of any step. */
  readonly onPluginLog?: PluginLog;
  /** Hears of the making of Python environments, while that goes on. By default these are lines for `onPluginLog`. */
  readonly onPluginEnvironment?: PluginEnvironmentLog;
  /** No time limits for plugins, so that there is room for a debugger. Default false. */
  readonly debug?: boolean;
  /** A new file in which all that is said to the plugins and by them is recorded, without secrets. */
  readonly record?: string | undefined;
  /** Gives up loading; what has been started is ended, and the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Reads a workflow file, loads its TypeScript steps, starts its plugins, and checks everything that can be checked before
 * the first step runs.
 *
 * @param file The path of the workflow file.
 * @throws WorkflowError that lists every problem with file, line and column. Nothing is left running then.
 *
 * @example
 * await using workflow = await loadWorkflow('workflow.yaml', { params: { epochs: 300 } });
 * const report = await new Orchestrator(workflow.registry, workflow.context, { workflow: workflow.name }).execute();
 */
export async function loadWorkflow(file: string, options: LoadWorkflowOptions = {}): Promise<LoadedWorkflow> {
  const workDir = resolve(options.workDir ?? process.cwd());
  const workflowFile = await readWorkflowFile(file, workDir);
  const references = readReferences(workflowFile);
  const plugins = new PluginGroup(workflowFile, references.plugins, {
    workDir,
    onLog: options.onPluginLog,
    onEnvironment: options.onPluginEnvironment,
    debug: options.debug ?? false,
    record: options.record,
  });
  try {
    const runtimeContext = (options.runtimeContext ?? new RuntimeContext()).with({ workDir });
    const sources = { file: workflowFile, modules: new ModuleLoader(workflowFile.folder), plugins, runtimeContext };
    const found = await abortable(findParts(sources, references, options), options.signal);
    const context = await makeContext(workflowFile, found, runtimeContext);
    const registry = toRegistry(workflowFile, found.steps);
    const paramsSchema = describeSchema(found.ContextClass.params);
    return new LoadedWorkflow({ name: workflowFile.name, registry, context, ...found, paramsSchema, workDir, plugins });
  } catch (error) {
    await plugins.close();
    throw error;
  }
}

interface FoundParts {
  readonly ContextClass: ContextClass;
  readonly params: JsonObject;
  readonly steps: readonly WorkflowStep[];
}

/** Everything at once: plugins are starting meanwhile. */
async function findParts(
  sources: StepSources,
  references: ReturnType<typeof readReferences>,
  { params: given = {}, checkParams = true }: LoadWorkflowOptions,
): Promise<FoundParts> {
  const { file, modules, plugins } = sources;
  const contextAndParams = findContext(file, modules, references.context).then(async (ContextClass) => {
    const params = await resolveParams(file, given, checkParams ? ContextClass.params : undefined);
    return { ContextClass, params };
  });
  const steps = references.steps.map(async (step) => await resolveStep(sources, step));
  const started = references.plugins.map(async (name) => await plugins.session(name));
  const work: Promise<unknown>[] = [contextAndParams, ...steps, ...started];
  await settleAll(work.map(async (part) => await plugins.orGiveUp(part)));
  return { ...(await contextAndParams), steps: await Promise.all(steps) };
}

async function findContext(
  file: WorkflowFile,
  modules: ModuleLoader,
  reference: ModuleReference | undefined,
): Promise<ContextClass> {
  if (reference === undefined) return BaseStepContext;
  return await locate(file, ['context'], async () => {
    const exports = await modules.load(reference.path).catch((error: unknown) => {
      throw new Error(`${reference.path} cannot be loaded: ${errorMessage(error)}.`, { cause: error });
    });
    return inFile(reference.path, () => findContextClass(exports, reference));
  });
}

async function makeContext(file: WorkflowFile, found: FoundParts, host: RuntimeContext): Promise<BaseStepContext> {
  const { ContextClass, params } = found;
  return await locate(file, ['context'], () => {
    try {
      return new ContextClass(host.with({ params }));
    } catch (error) {
      throw new Error(`the context cannot be made: ${errorMessage(error)}`, { cause: error });
    }
  });
}

function toRegistry(file: WorkflowFile, steps: readonly WorkflowStep[]): StepRegistry {
  const registry = new StepRegistry();
  steps.forEach(({ step }, index) => {
    const first = steps.findIndex((other) => other.step.name === step.name);
    if (first < index) throw duplicate(file, index, { first, name: step.name });
    try {
      registry.register(step);
    } catch (error) {
      throw problemAt(file, ['steps', index], errorMessage(error));
    }
  });
  return registry;
}

function duplicate(file: WorkflowFile, index: number, { first, name }: { first: number; name: string }): Error {
  const { line } = file.source.positionOfKey(['steps', first]);
  const path = file.definition.steps[index]?.name === undefined ? ['steps', index] : ['steps', index, 'name'];
  return problemAt(
    file,
    path,
    `step ${index + 1} has the name '${name}', as step ${first + 1} in line ${line} has. Give one of them another name, with the key 'name'.`,
  );
}
