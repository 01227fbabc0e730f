import { PluginError } from '../plugin-error.js';
import type { RestartBudget } from '../restart-budget.js';
import type { SessionLimits } from '../session-limits.js';

/** A call of a session that was closed, before it was made or before its turn came. */
export function closedError(plugin: string): PluginError {
  return new PluginError({
    kind: 'session_closed',
    plugin,
    message: `The session with plugin '${plugin}' was closed. Connect again to call it.`,
  });
}

/** A plugin that has died too often to be tried again. */
export function budgetError(plugin: string, { limit, windowMs }: RestartBudget): PluginError {
  return new PluginError({
    kind: 'restart_budget_exhausted',
    plugin,
    message: `Plugin '${plugin}' died ${limit + 1} times within ${windowMs / 1000} s and is not started again. Look for the cause in its earlier errors.`,
  });
}

/** More calls wait than may. */
export function crowdedError(plugin: string, { maxQueuedCalls }: SessionLimits): PluginError {
  return new PluginError({
    kind: 'queue_full',
    plugin,
    message: `${maxQueuedCalls} calls already wait for plugin '${plugin}', so no other one was taken. Run fewer steps at a time, or give the plugin more workers.`,
  });
}
