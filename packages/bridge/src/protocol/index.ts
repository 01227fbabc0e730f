export { capabilitiesSchema, type Capabilities } from './capabilities.js';
export {
  describeParamsSchema,
  describeResultSchema,
  onInterruptSchema,
  stepDescriptionSchema,
  type DescribeResult,
  type StepDescription,
} from './describe.js';
export {
  HOST_ERROR_KINDS,
  WIRE_ERROR_KINDS,
  isWireErrorKind,
  retryableOf,
  wireErrorCode,
  wireErrorKind,
  type ErrorKind,
  type HostErrorKind,
  type Retryable,
  type WireErrorKind,
} from './error-kinds.js';
export { fileReferenceSchema, type FileReference } from './file-reference.js';
export {
  errorCauseSchema,
  errorFrameSchema,
  jsonObjectSchema,
  notificationFrameSchema,
  requestFrameSchema,
  requestIdSchema,
  resultFrameSchema,
  toFrame,
  wireErrorSchema,
  type ErrorFrame,
  type Frame,
  type JsonObject,
  type NotificationFrame,
  type RequestFrame,
  type ResultFrame,
  type WireError,
} from './frame.js';
export {
  initializeParamsSchema,
  initializeResultSchema,
  type InitializeParams,
  type InitializeResult,
} from './initialize.js';
export {
  FORBIDDEN_POINTER_SEGMENTS,
  jsonPointerSchema,
  patchOperationSchema,
  patchSchema,
  type PatchOperation,
} from './json-patch.js';
export {
  pingParamsSchema,
  pingResultSchema,
  shutdownParamsSchema,
  shutdownResultSchema,
  type ShutdownParams,
} from './life-cycle.js';
export { DEFAULT_WIRE_LIMITS, MAX_STEPS, wireLimitsSchema, type WireLimits } from './limits.js';
export {
  HOST_NOTIFICATIONS,
  PLUGIN_NOTIFICATIONS,
  REQUESTS,
  isPluginNotification,
  isRequestMethod,
  type HostNotificationMethod,
  type PluginNotification,
  type PluginNotificationMethod,
  type RequestMethod,
  type RequestParams,
  type RequestResult,
} from './methods.js';
export {
  cancelParamsSchema,
  logLevelSchema,
  logParamsSchema,
  metricsParamsSchema,
  progressParamsSchema,
  undoParamsSchema,
  undoSavedParamsSchema,
  type CancelParams,
  type LogLevel,
  type LogParams,
  type MetricsParams,
  type ProgressParams,
  type UndoParams,
  type UndoSavedParams,
} from './notifications.js';
export {
  canSkipParamsSchema,
  canSkipResultSchema,
  contextDeltaSchema,
  contextSnapshotSchema,
  executeParamsSchema,
  executeResultSchema,
  rollbackParamsSchema,
  rollbackResultSchema,
  stepCauseSchema,
  type CanSkipParams,
  type CanSkipResult,
  type ContextDelta,
  type ContextSnapshot,
  type ExecuteParams,
  type ExecuteResult,
  type RollbackParams,
  type RollbackResult,
  type StepCause,
} from './step-call.js';
export { STEP_BOUNDS, stepExcesses, type StepBounds, type StepExcess } from './step-bounds.js';
export { PROTOCOL_VERSIONS, highestCommonVersion } from './version.js';
