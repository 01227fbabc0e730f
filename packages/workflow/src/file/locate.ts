import { errorMessage } from '@synapse-steps/core';
import { WorkflowError } from '../workflow-error.js';
import type { WorkflowFile } from './read-workflow-file.js';
import type { SourcePath } from './yaml-source.js';

/** A problem with what stands at `path` of a workflow file. */
export function problemAt({ file, source }: WorkflowFile, path: SourcePath, message: string): WorkflowError {
  return new WorkflowError([{ file, ...source.positionOfValue(path), message }]);
}

/** Runs `work`; what it throws is about what stands at `path` of the workflow file. */
export async function locate<T>(file: WorkflowFile, path: SourcePath, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WorkflowError) throw error;
    const { line, column } = file.source.positionOfValue(path);
    throw new WorkflowError([{ file: file.file, line, column, message: errorMessage(error) }], { cause: error });
  }
}

/** Waits for everything, so that all problems are told at once and nothing is under way any more. */
export async function settleAll<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  const reasons = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const unexpected = reasons.find((reason) => !(reason instanceof WorkflowError));
  if (unexpected instanceof Error) throw unexpected;
  if (reasons.length > 0) throw oneError(reasons as WorkflowError[]);
  return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

function oneError(errors: readonly WorkflowError[]): WorkflowError {
  // Two steps of a plugin that does not start have one problem, not two.
  const problems = new Map(
    errors.flatMap((error) => error.problems).map((problem) => [JSON.stringify(problem), problem]),
  );
  return new WorkflowError([...problems.values()], { cause: errors[0]?.cause });
}
