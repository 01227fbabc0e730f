export { workflowJsonSchema } from './file/workflow-json-schema.js';
export { loadAction, LoadedAction } from './load-action.js';
export { loadWorkflow, type LoadWorkflowOptions } from './load-workflow.js';
export { LoadedWorkflow } from './loaded-workflow.js';
export type { PluginEnvironmentLog, PluginLog, PluginLogEntry } from './plugins/plugin-group.js';
export type {
  ClearPythonEnvironmentsOptions,
  KeptEnvironment,
  ListPythonEnvironmentsOptions,
} from './python-environment/kept-environments.js';
export type { PreparePythonEnvironmentOptions } from './python-environment/prepare-python-environment.js';
export {
  PythonEnvironmentError,
  type PythonEnvironmentProblem,
} from './python-environment/python-environment-error.js';
export type { PythonEnvironment, PythonEnvironmentProgress } from './python-environment/python-environment.js';
export {
  clearPythonEnvironments,
  listPythonEnvironments,
  preparePythonEnvironment,
} from './python-environment/python-environments.js';
export { WorkflowError, type WorkflowProblem } from './workflow-error.js';
export type { WorkflowStep } from './workflow-step.js';
