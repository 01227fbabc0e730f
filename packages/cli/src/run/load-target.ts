import type { LoadedAction, LoadedWorkflow, LoadWorkflowOptions } from '@synapse-steps/workflow';
import { targetKind } from './check-target.js';
import { interruptible } from './interruptible.js';

/** What a run is made of: a workflow file, or an action or steps that a file exports. */
export type Loaded = LoadedWorkflow & Partial<Pick<LoadedAction, 'createResult'>>;

/** Loads what TARGET names; Ctrl-C gives up. @throws UsageError, WorkflowError; nothing is left running then. */
export async function loadTarget(target: string, options: LoadWorkflowOptions): Promise<Loaded> {
  const kind = await targetKind(target);
  const { loadAction, loadWorkflow } = await import('@synapse-steps/workflow');
  const load = kind === 'export' ? loadAction : loadWorkflow;
  return await interruptible(async (signal): Promise<Loaded> => await load(target, { ...options, signal }));
}
