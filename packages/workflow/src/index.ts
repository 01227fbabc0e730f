export { workflowJsonSchema } from './file/workflow-json-schema.js';
export { loadAction, LoadedAction } from './load-action.js';
export { loadWorkflow, type LoadWorkflowOptions } from './load-workflow.js';
export { LoadedWorkflow } from './loaded-workflow.js';
export type { PluginLog, PluginLogEntry } from './plugins/plugin-group.js';
export { WorkflowError, type WorkflowProblem } from './workflow-error.js';
export type { WorkflowStep } from './workflow-step.js';
