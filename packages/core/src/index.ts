export { ActionStep, type ActionStepOptions, type PreparedAction } from './action/action-step.js';
export { BaseAction, type ActionClass, type AnyAction } from './action/base-action.js';
export { checkParams, InvalidParamsError, isSchema, type ParamProblem } from './action/check-params.js';
export { BaseStepContext } from './context/base-step-context.js';
export { ContextChanges } from './context/context-changes.js';
export type { ContextChange } from './context/change-log.js';
export { InvalidContextFieldError } from './context/patch-context.js';
export { PluginEnvironment, type EnvironmentSelection } from './context/plugin-environment.js';
export { RuntimeContext, type RuntimeContextOptions, type RuntimeLogOptions } from './context/runtime-context.js';
export { STEP_CALL, type ProgressOptions, type StepCall, type StepLog } from './context/step-call.js';
export { errorMessage, errorRecordSchema, toErrorRecord, type ErrorRecord } from './errors/error-record.js';
export { RunCancelledError, RunInterruptedError, StepFailedError } from './errors/run-errors.js';
export { SynapseStepsError, type SynapseStepsErrorOptions } from './errors/synapse-steps-error.js';
export {
  logLevelSchema,
  runEventSchema,
  type LogLevel,
  type RunEvent,
  type RunEventType,
  type StepOutline,
} from './events/run-event.js';
export type { RunEventReader, RunEventStream } from './events/run-event-stream.js';
export { toJsonEvent } from './events/to-json-event.js';
export { JournalWriteError } from './journal/journal-writer.js';
export type { RunJournal } from './journal/run-journal.js';
export { parsePointer, PatchError, patchOperationSchema, type PatchOperation } from './json/json-patch.js';
export { rawBytes } from './json/json-tags.js';
export { lendJson } from './json/lend-json.js';
export {
  copyJson,
  copyJsonObject,
  decodeJson,
  encodeJson,
  encodeJsonObject,
  MAX_JSON_DEPTH,
  UnserialisableValueError,
  type JsonObject,
  type JsonPrimitive,
  type JsonValue,
} from './json/json-value.js';
export { BaseLogger, type LogOptions, type StepEnding } from './loggers/base-logger.js';
export { CollectingLogger } from './loggers/collecting-logger.js';
export { ConsoleLogger, type ConsoleLoggerOptions } from './loggers/console-logger.js';
export { EventLogger } from './loggers/event-logger.js';
export type { JobClient, JobLogLine, JobProgressRecord, JobStepProgress, JobUpdate } from './loggers/job-client.js';
export { JobLogger, type JobLoggerOptions } from './loggers/job-logger.js';
export type { LogLossReport } from './loggers/job-log-sender.js';
export type { LogEntry } from './loggers/log-entry.js';
export { NoneLogger } from './loggers/none-logger.js';
export { percentShares } from './loggers/percent-shares.js';
export type { ProgressData } from './loggers/progress-book.js';
export type { TrialsOptions, VisualizationOptions } from './loggers/special-entries.js';
export { formatTemplate, type TemplateValues } from './messages/format-template.js';
export {
  coreMessages,
  MessageCatalog,
  MessageCode,
  type MessageDefinition,
  type Translations,
} from './messages/message-catalog.js';
export type { Message, MessageOptions } from './messages/resolve-message.js';
export { systemClock, type Clock } from './orchestrator/clock.js';
export { Orchestrator, type OrchestratorOptions } from './orchestrator/orchestrator.js';
export { StepTimeoutError } from './orchestrator/execute-bounded.js';
export type { StepControl } from './orchestrator/step-control.js';
export { describeRegistry, undoOf, type DescribeRegistryOptions } from './registry/describe-registry.js';
export { StepRegistry } from './registry/step-registry.js';
export { closestFirst, didYouMean } from './words/closest-first.js';
export { foldRunEvents, type FoldedRun } from './report/fold-run-events.js';
export {
  runReportSchema,
  runStatusSchema,
  type RunReport,
  type RunStatus,
  type StepReport,
  type StepStatus,
  type UndoOutcome,
  type UndoReport,
} from './report/run-report.js';
export { DefinitionChangedError } from './restore/definition-changes.js';
export { BaseStep, type SkipDecision, type StepTraits, type UndoResult } from './step/base-step.js';
export { defineStep, type StepDefinition } from './step/define-step.js';
export { StepUsageError, type StepUsageCode } from './step/step-error.js';
export { StepResult, type StepResultFields, type StepResultStatus } from './step/step-result.js';
export { ConfiguredStep, type StepConfiguration } from './wrappers/configured-step.js';
export { LoggingStep } from './wrappers/logging-step.js';
export { ParallelStep, type ParallelStepOptions } from './wrappers/parallel-step.js';
export { RetryStep, type RetryStepOptions } from './wrappers/retry-step.js';
export { TimeoutStep } from './wrappers/timeout-step.js';
export { TimingStep } from './wrappers/timing-step.js';
export { ValidationStep, type ValidationOutcome, type ValidationStepOptions } from './wrappers/validation-step.js';
export { WrapperStep } from './wrappers/wrapper-step.js';
