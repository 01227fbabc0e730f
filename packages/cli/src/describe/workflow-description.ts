import { type BaseStep, describeRegistry, type JsonObject, undoOf } from '@synapse-steps/core';
import type { LoadedWorkflow, WorkflowStep } from '@synapse-steps/workflow';
import type { PluginSession } from '@synapse-steps/bridge';

export interface StepDescription {
  readonly name: string;
  readonly title?: string;
  readonly weight: number;
  /** 0 … 1 of the whole; null when all weights are 0. */
  readonly share: number | null;
  readonly undo: ReturnType<typeof undoOf>;
  /** Once it has completed, nothing before it is undone. */
  readonly pivot: boolean;
  /** When it fails, it is undone and the run goes on. */
  readonly optional: boolean;
  /** Where it comes from, as the file says it. */
  readonly uses?: string;
  readonly plugin?: string;
  /** Its own params (`with`). */
  readonly params?: JsonObject;
  /** What those may be, as JSON schema. */
  readonly paramsSchema?: JsonObject;
  readonly children?: readonly StepDescription[];
}

/** What `describe` shows: of a workflow, or of one plugin. */
interface WorkflowDescription {
  readonly kind: 'workflow' | 'plugin';
  readonly name: string;
  readonly params?: JsonObject;
  readonly paramsSchema?: JsonObject;
  readonly steps: readonly StepDescription[];
}

/** A description for programs, and its steps as a table for people. */
export interface Described {
  readonly description: WorkflowDescription;
  readonly table: string;
}

/** Describes a workflow that was loaded. */
export function describeWorkflow(workflow: LoadedWorkflow): Described {
  const total = workflow.registry.totalWeight;
  const steps = workflow.steps.map((entry) => describeEntry(entry, { total, share: 1 }));
  const { name, params, paramsSchema } = workflow;
  const sources = new Map(workflow.steps.flatMap(sourcesOf));
  return {
    description: { kind: 'workflow', name, params, ...(paramsSchema && { paramsSchema }), steps },
    table: describeRegistry(workflow.registry, { remark: (step) => sources.get(step) ?? '' }),
  };
}

function sourcesOf({ step, uses, children }: WorkflowStep): (readonly [BaseStep, string])[] {
  return [[step, uses] as const, ...children.flatMap(sourcesOf)];
}

interface Whole {
  /** The sum of the weights that the step's own is a part of. */
  readonly total: number;
  /** What that sum is of the whole workflow, 0 … 1. */
  readonly share: number;
}

function describeEntry({ step, uses, plugin, paramsSchema, children }: WorkflowStep, whole: Whole): StepDescription {
  const own = describeStep(step, whole);
  const inner = { total: children.reduce((sum, child) => sum + child.step.progressWeight, 0), share: own.share ?? 0 };
  return {
    ...own,
    uses,
    ...(plugin !== undefined && { plugin }),
    ...(paramsSchema && { paramsSchema }),
    ...(children.length > 0 && { children: children.map((child) => describeEntry(child, inner)) }),
  };
}

/** Describes all that a plugin offers. */
export function describePlugin(session: PluginSession): Described {
  const steps = session.steps.map((offered) => {
    const paramsSchema = offered.step_params as JsonObject | null;
    return {
      ...describeStep(session.step(offered.name), { total: 0, share: 0 }),
      ...(paramsSchema && { paramsSchema }),
    };
  });
  const { name, version } = session.info.plugin;
  return {
    description: {
      kind: 'plugin',
      name: [name || session.name, version].filter((part) => part !== '').join(' '),
      steps,
    },
    table: describeRegistry(session.steps.map((offered) => session.step(offered.name))),
  };
}

function describeStep(step: BaseStep, { total, share }: Whole): StepDescription {
  return {
    name: step.name,
    ...(step.title !== undefined && { title: step.title }),
    weight: step.progressWeight,
    share: total > 0 ? (share * step.progressWeight) / total : null,
    undo: undoOf(step),
    pivot: step.pivot === true,
    optional: step.optional === true,
    ...(step.stepParams && { params: step.stepParams }),
  };
}
