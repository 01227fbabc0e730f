import { SynapseStepsError } from '../errors/synapse-steps-error.js';
import type { RunFailure } from '../orchestrator/run-failure.js';
import { outlineOf } from '../orchestrator/step-outline.js';
import type { FoldedRun } from '../report/fold-run-events.js';
import type { RunStatus } from '../report/run-report.js';
import type { BaseStep } from '../step/base-step.js';
import { definitionChanges, DefinitionChangedError } from './definition-changes.js';

const RESUMABLE: readonly RunStatus[] = ['running', 'interrupted', 'rolling-back'];
const ROLLABLE: readonly RunStatus[] = [
  'running',
  'interrupted',
  'rolling-back',
  'succeeded',
  'rollback-incomplete',
  'rollback-abandoned',
];

/** @throws SynapseStepsError when the run is over, DefinitionChangedError when the steps are others and nobody forces it. */
export function checkResumable(
  folded: FoldedRun,
  { steps, force }: { readonly steps: readonly BaseStep[]; readonly force: boolean },
): void {
  if (!RESUMABLE.includes(folded.status)) throw wrongStatus(folded, 'resumed');
  const differences = definitionChanges(folded.outline, outlineOf(steps));
  if (differences.length > 0 && !force && !isRollingBack(folded)) throw new DefinitionChangedError(differences);
}

/** @throws SynapseStepsError when there is nothing to undo. */
export function checkRollable(folded: FoldedRun): void {
  if (!ROLLABLE.includes(folded.status)) throw wrongStatus(folded, 'rolled back');
}

/** What a rollback that was cut short goes on with; a run that rolls back never goes forwards again. */
export function interruptedRollback(folded: FoldedRun): RunFailure | undefined {
  const { cause } = folded;
  if (cause === undefined || !isRollingBack(folded)) return undefined;
  const error = new SynapseStepsError({ code: cause.code, message: cause.message });
  return { kind: 'failed', step: undefined, message: cause.message, cause: error, error: cause };
}

/** Its host died while it was rolling back, or could not record the rollback and stopped. */
function isRollingBack({ status, cause }: FoldedRun): boolean {
  return status === 'rolling-back' || (status === 'interrupted' && cause !== undefined);
}

function wrongStatus({ runId, status }: FoldedRun, wish: string): SynapseStepsError {
  return new SynapseStepsError({
    code: 'wrong_run_status',
    message: `The run ${runId} is '${status}' and cannot be ${wish}.`,
    details: { status },
    retryable: false,
  });
}
