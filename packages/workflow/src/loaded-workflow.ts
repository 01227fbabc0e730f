import type { BaseStepContext, JsonObject, StepRegistry } from '@synapse-steps/core';
import type { WorkflowStep } from './workflow-step.js';

/** What a loaded workflow is made of. */
export interface LoadedWorkflowParts {
  readonly name: string;
  readonly registry: StepRegistry;
  readonly steps: readonly WorkflowStep[];
  readonly context: BaseStepContext;
  readonly params: JsonObject;
  readonly paramsSchema: JsonObject | undefined;
  readonly warnings?: readonly string[] | undefined;
  readonly workDir: string;
  /** What is running beside it, and has to be ended. */
  readonly plugins: { close(): Promise<void> };
}

/** A workflow that is ready to run, with its plugins running. Close it, also when it was not run. */
export class LoadedWorkflow implements AsyncDisposable {
  readonly name: string;
  readonly registry: StepRegistry;
  /** The steps of the registry and where each comes from. */
  readonly steps: readonly WorkflowStep[];
  readonly context: BaseStepContext;
  readonly params: JsonObject;
  /** What the params may be, as JSON schema, where the context class says so. */
  readonly paramsSchema: JsonObject | undefined;
  /** What is most likely a slip, though nothing forbids it, such as a param that nobody declared. For people. */
  readonly warnings: readonly string[];
  /** The directory in which steps and plugins run; absolute. */
  readonly workDir: string;
  readonly #plugins: LoadedWorkflowParts['plugins'];

  constructor(parts: LoadedWorkflowParts) {
    this.name = parts.name;
    this.registry = parts.registry;
    this.steps = parts.steps;
    this.context = parts.context;
    this.params = parts.params;
    this.paramsSchema = parts.paramsSchema;
    this.warnings = parts.warnings ?? [];
    this.workDir = parts.workDir;
    this.#plugins = parts.plugins;
  }

  /** Ends the plugins; nothing is left of them when it resolves. */
  async close(): Promise<void> {
    await this.#plugins.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
