import { errorMessage } from '../errors/error-record.js';
import type { RunStep } from './step-scope.js';

/**
 * Records what a step that failed, or an undo, changed in the context. That a field of it is no JSON must neither hide why
 * the step failed nor keep the next undo from its turn: it becomes a warning.
 */
export function recordContextAnyway(entry: RunStep): void {
  const { record, scope } = entry;
  try {
    scope.run.contexts.record(entry);
  } catch (error) {
    scope.run.emit({ type: 'step-log', step: record.name, level: 'warning', message: errorMessage(error) });
  }
}
