export { ManagedProcess, type OutputListener } from './managed-process.js';
export { ALLOWED_NAMES, processEnvironment, type ProcessEnvironmentOptions } from './process-environment.js';
export { describeExit, type ProcessExit } from './process-exit.js';
export { ProcessStartError, type StartProblem } from './process-start-error.js';
export { resolveCommand, type ResolveCommandOptions } from './resolve-command.js';
export { startProcess, type StartProcessOptions } from './start-process.js';
export { DEFAULT_STOP_TIMES, stopProcess, terminateProcess, type StopOutcome, type StopTimes } from './stop-process.js';
