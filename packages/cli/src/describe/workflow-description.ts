import { type BaseStep, describeRegistry, type JsonObject, undoOf } from '@synapse-steps/core';
import type { WorkflowStep } from '@synapse-steps/workflow';
import type { PluginSession } from '@synapse-steps/bridge';
import type { Loaded } from '../run/load-target.js';

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
  readonly kind: 'workflow' | 'action' | 'steps' | 'plugin';
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

/** Describes a workflow, an action or steps that were loaded. */
export function describeWorkflow(workflow: Loaded): Described {
  const total = workflow.registry.totalWeight;
  const steps = workflow.steps.map((entry) => describeEntry(entry, { total, share: 1 }));
  const { name, params, paramsSchema } = workflow;
  const sources = new Map(workflow.steps.flatMap(sourcesOf));
  return {
    description: { kind: kindOf(workflow), name, params, ...(paramsSchema && { paramsSchema }), steps },
    table: describeRegistry(workflow.registry, { remark: (step) => sources.get(step) ?? '' }),
  };
}

function kindOf(workflow: Loaded): 'workflow' | 'action' | 'steps' {
  if (!('createResult' in workflow)) return 'workflow';
  return workflow.createResult === undefined ? 'steps' : 'action';
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
  const { children: insideAction, ...own } = describeStep(step, whole);
  const inner = wholeOf(
    children.map((child) => child.step),
    own.share,
  );
  const inside = children.length > 0 ? children.map((child) => describeEntry(child, inner)) : insideAction;
  return {
    ...own,
    ...(uses !== '' && { uses }),
    ...(plugin !== undefined && { plugin }),
    ...(paramsSchema && { paramsSchema }),
    ...(inside && { children: inside }),
  };
}

/** The steps inside one: their weights are parts of its share. */
function wholeOf(steps: readonly BaseStep[], share: number | null): Whole {
  return { total: steps.reduce((sum, { progressWeight }) => sum + progressWeight, 0), share: share ?? 0 };
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

function describeChildren(steps: readonly BaseStep[], share: number | null): StepDescription[] {
  const whole = wholeOf(steps, share);
  return steps.map((step) => describeStep(step, whole));
}

function describeStep(step: BaseStep, { total, share }: Whole): StepDescription {
  const own = total > 0 ? (share * step.progressWeight) / total : null;
  return {
    name: step.name,
    ...(step.title !== undefined && { title: step.title }),
    weight: step.progressWeight,
    share: own,
    undo: undoOf(step),
    pivot: step.pivot === true,
    optional: step.optional === true,
    ...(step.stepParams && { params: step.stepParams }),
    ...(step.children && { children: describeChildren(step.children, own) }),
  };
}
