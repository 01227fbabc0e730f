import type { ConnectPluginOptions, PluginTarget } from '@synapse-steps/bridge';
import type { JsonObject } from '@synapse-steps/core';

/**
 * A plugin's step that runs inside a step of an action has no record of its own in the journal. What is needed to undo it,
 * in another process if need be, is kept among the undo data of the step around it: below `plugin:<id>` how the plugin is
 * started and which step ran, below `plugin:<id>:<key>` each entry that the plugin's step had saved. So a delta stays as
 * small as the plugin made it.
 */
export interface PluginRunRecord {
  readonly target: PluginTarget;
  /** Without what is no JSON. Of secrets the names only: whoever undoes has them of its own. */
  readonly options: ConnectPluginOptions;
  readonly step: string;
  readonly params: JsonObject;
}

/** A run of a plugin's step as it is to be undone. */
export interface RecordedPluginRun extends PluginRunRecord {
  readonly id: string;
  /** All that it had saved. */
  readonly undo: JsonObject;
}

/** The entry that says how a run is undone; saved before the run begins. */
export function recordOfRun(id: string, record: PluginRunRecord): JsonObject {
  return { [`${PREFIX}${id}`]: { ...record, options: durableOptions(record.options) } as unknown as JsonObject };
}

/** What a plugin's step saved, as entries of the step around it. */
export function entriesOfRun(id: string, data: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [`${PREFIX}${id}:${key}`, value]));
}

/** The runs that undo data tell of, newest first. */
export function recordedRuns(undoData: Partial<JsonObject>): RecordedPluginRun[] {
  const runs = new Map<string, PluginRunRecord & { readonly id: string; undo: JsonObject }>();
  for (const [name, value] of Object.entries(undoData)) {
    if (!name.startsWith(PREFIX) || value === undefined) continue;
    const id = name.slice(PREFIX.length, PREFIX.length + ID_LENGTH);
    const key = name.slice(PREFIX.length + ID_LENGTH + 1);
    if (name.length === PREFIX.length + ID_LENGTH)
      runs.set(id, { ...(value as unknown as PluginRunRecord), id, undo: {} });
    else runs.set(id, withEntry(runs.get(id), key, value));
  }
  return [...runs.values()].toReversed();
}

function withEntry<TRun extends { undo: JsonObject }>(
  run: TRun | undefined,
  key: string,
  value: JsonObject[string],
): TRun {
  if (run === undefined) throw new Error(`The undo data name '${key}' of a plugin whose run they do not hold.`);
  return { ...run, undo: { ...run.undo, [key]: value } };
}

/** What of the options of a plugin is JSON and no secret. */
export function durableOptions(options: ConnectPluginOptions): ConnectPluginOptions {
  const { onLog: _log, signal: _signal, record: _record, secrets, ...durable } = options;
  if (secrets === undefined) return durable;
  return { ...durable, secrets: Array.isArray(secrets) ? (secrets as readonly string[]) : Object.keys(secrets) };
}

const PREFIX = 'plugin:';
/** A UUID. */
const ID_LENGTH = 36;
