import type { z } from 'zod';
import { describeParamsSchema, describeResultSchema } from './describe.js';
import { initializeParamsSchema, initializeResultSchema } from './initialize.js';
import { pingParamsSchema, pingResultSchema, shutdownParamsSchema, shutdownResultSchema } from './life-cycle.js';
import {
  cancelParamsSchema,
  logParamsSchema,
  metricsParamsSchema,
  progressParamsSchema,
  undoParamsSchema,
  undoSavedParamsSchema,
} from './notifications.js';
import {
  canSkipParamsSchema,
  canSkipResultSchema,
  executeParamsSchema,
  executeResultSchema,
  rollbackParamsSchema,
  rollbackResultSchema,
} from './step-call.js';

/** Requests of the host, with the schemas of both sides. */
export const REQUESTS = {
  initialize: { params: initializeParamsSchema, result: initializeResultSchema },
  describe: { params: describeParamsSchema, result: describeResultSchema },
  can_skip: { params: canSkipParamsSchema, result: canSkipResultSchema },
  execute: { params: executeParamsSchema, result: executeResultSchema },
  rollback: { params: rollbackParamsSchema, result: rollbackResultSchema },
  ping: { params: pingParamsSchema, result: pingResultSchema },
  shutdown: { params: shutdownParamsSchema, result: shutdownResultSchema },
} as const;

/** Notifications of the plugin. */
export const PLUGIN_NOTIFICATIONS = {
  progress: progressParamsSchema,
  metrics: metricsParamsSchema,
  log: logParamsSchema,
  undo: undoParamsSchema,
} as const;

/** Notifications of the host. */
export const HOST_NOTIFICATIONS = {
  cancel: cancelParamsSchema,
  undo_saved: undoSavedParamsSchema,
} as const;

export type RequestMethod = keyof typeof REQUESTS;
export type PluginNotificationMethod = keyof typeof PLUGIN_NOTIFICATIONS;
export type HostNotificationMethod = keyof typeof HOST_NOTIFICATIONS;

/** What the host may write as params of a request: fields with defaults may be left out. */
export type RequestParams<TMethod extends RequestMethod> = z.input<(typeof REQUESTS)[TMethod]['params']>;
/** What the host gets as the result of a request: every field present. */
export type RequestResult<TMethod extends RequestMethod> = z.output<(typeof REQUESTS)[TMethod]['result']>;

/** A notification of the plugin, parsed. */
export type PluginNotification = {
  [TMethod in PluginNotificationMethod]: {
    readonly method: TMethod;
    readonly params: z.output<(typeof PLUGIN_NOTIFICATIONS)[TMethod]>;
  };
}[PluginNotificationMethod];

/** Whether the plugin side of the protocol defines this notification. */
export function isPluginNotification(method: string): method is PluginNotificationMethod {
  return Object.hasOwn(PLUGIN_NOTIFICATIONS, method);
}

/** Whether the protocol defines this request. */
export function isRequestMethod(method: string): method is RequestMethod {
  return Object.hasOwn(REQUESTS, method);
}
