export { connectPlugin, type ConnectPluginOptions, type PluginTarget } from './connect-plugin.js';
export { RemoteStep } from './remote-step.js';
export { PluginError, type PluginErrorOptions } from './session/plugin-error.js';
export { PluginSession } from './session/plugin-session.js';
export { RemoteException } from './session/remote-exception.js';
export { DEFAULT_SESSION_LIMITS, type SessionLimits } from './session/session-limits.js';
export type { SessionLog, SessionLogEntry } from './session/session-log.js';
