/** Why a process could not be started. */
export type StartProblem = 'not_found' | 'not_executable' | 'bad_cwd' | 'bad_format' | 'refused';

/** A process that was never started; `message` says what, where and what to do next. */
export class ProcessStartError extends Error {
  override readonly name = 'ProcessStartError';
  readonly problem: StartProblem;

  constructor(problem: StartProblem, message: string, options?: ErrorOptions) {
    super(message, options);
    this.problem = problem;
  }
}
