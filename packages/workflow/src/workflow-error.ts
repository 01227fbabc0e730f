import { SynapseStepsError } from '@synapse-steps/core';

/** One thing that is wrong with a workflow, and where. */
export interface WorkflowProblem {
  /** As the user named it. */
  readonly file: string;
  /** From 1; left out when the file as a whole is meant. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** What is wrong and what to do next. */
  readonly message: string;
}

/**
 * Thrown when a workflow cannot be loaded: by its file, a step that it names, a plugin or its params. The message has one
 * line for each problem, `file:line:column: what`; nothing is left running.
 */
export class WorkflowError extends SynapseStepsError {
  readonly problems: readonly WorkflowProblem[];

  constructor(problems: readonly WorkflowProblem[], options: { readonly cause?: unknown } = {}) {
    super({ code: 'invalid_workflow', message: problems.map(formatProblem).join('\n'), ...options });
    this.problems = problems;
  }
}

function formatProblem({ file, line, column, message }: WorkflowProblem): string {
  return line === undefined ? `${file}: ${message}` : `${file}:${line}:${column ?? 1}: ${message}`;
}
