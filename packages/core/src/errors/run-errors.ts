import type { RunReport } from '../report/run-report.js';
import { errorMessage } from './error-record.js';
import { SynapseStepsError } from './synapse-steps-error.js';

const BRAND = Symbol.for('synapse-steps.run-error');

/** What `Orchestrator.execute()` rejects with. The first failure is its `cause`; `report` tells what was undone. */
export class StepFailedError extends SynapseStepsError {
  readonly step: string | undefined;
  readonly report: RunReport;
  readonly [BRAND] = true;

  constructor(options: {
    readonly step: string;
    readonly error: string;
    readonly cause: unknown;
    readonly report: RunReport;
  });
  constructor(options: RunErrorOptions);
  constructor(options: RunErrorOptions) {
    const { code = 'step_failed', message = `Step '${options.step}' failed: ${options.error}` } = options;
    super({ code, message, cause: options.cause });
    this.step = options.step;
    this.report = options.report;
  }

  static override is(value: unknown): value is StepFailedError {
    return typeof value === 'object' && value !== null && BRAND in value;
  }
}

interface RunErrorOptions {
  readonly step?: string | undefined;
  readonly error?: string;
  readonly cause: unknown;
  readonly report: RunReport;
  readonly code?: string;
  readonly message?: string;
}

/** What `Orchestrator.execute()` rejects with when the run was cancelled; the signal's `reason` is its `cause`. */
export class RunCancelledError extends StepFailedError {
  constructor(options: { readonly step: string | undefined; readonly reason: unknown; readonly report: RunReport }) {
    super({
      code: 'run_cancelled',
      message: cancelMessage(options.step, options.reason),
      step: options.step,
      cause: options.reason,
      report: options.report,
    });
  }

  static override is(value: unknown): value is RunCancelledError {
    return StepFailedError.is(value) && value.code === 'run_cancelled';
  }
}

/** What `Orchestrator.execute()` rejects with when the run was told to stop where it is; nothing has been undone. */
export class RunInterruptedError extends StepFailedError {
  constructor(options: { readonly message: string; readonly cause: unknown; readonly report: RunReport }) {
    super({ code: 'run_interrupted', ...options });
  }

  static override is(value: unknown): value is RunInterruptedError {
    return StepFailedError.is(value) && value.code === 'run_interrupted';
  }
}

export function cancelMessage(step: string | undefined, reason: unknown): string {
  const where = step === undefined ? 'between steps' : `in step '${step}'`;
  return `The run was cancelled ${where}: ${typeof reason === 'string' ? reason : errorMessage(reason)}`;
}
