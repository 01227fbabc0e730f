import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { JsonObject } from '@synapse-steps/core';
import { processEnvironment } from './process/index.js';
import { PYTHON_ENVIRONMENT, pythonCommand } from './python/python-command.js';
import type { ConnectionSettings } from './session/connection-settings.js';
import { printable } from './session/printable.js';
import { PluginSession } from './session/plugin-session.js';
import { findSecretBytes, redactSecrets } from './session/redact-secrets.js';
import { DEFAULT_SESSION_LIMITS, type SessionLimits } from './session/session-limits.js';
import type { SessionLog, SessionLogEntry } from './session/session-log.js';
import { type TranscriptFile, transcriptAt } from './transcript/transcript-file.js';

/** What to connect: a file (or module) of Python steps, or any program that speaks the protocol. */
export type PluginTarget =
  | {
      readonly python: string;
      /** The Python to use. By default the project's own virtual environment, then `python3`, then `python`. */
      readonly interpreter?: string;
    }
  | {
      /** The program and its arguments. No shell reads them. */
      readonly command: readonly string[];
    };

/** How a plugin is run. */
export interface ConnectPluginOptions {
  /** The plugin's name in messages. By default its file or command. */
  readonly name?: string;
  /** Where the plugin runs, and what relative paths are relative to. By default the host's working directory. */
  readonly cwd?: string;
  /** Variables for the plugin, beside PATH, HOME and the like: names that are passed on, or names with values. */
  readonly env?: readonly string[] | Readonly<Record<string, string>>;
  /** Secrets for the plugin: names of variables of the host, or names with values. They travel in the handshake only, and
   * are hidden in whatever the plugin prints. */
  readonly secrets?: readonly string[] | Readonly<Record<string, string>>;
  /** Settings for the plugin, as it understands them. */
  readonly config?: JsonObject;
  /**
   * How many processes may run at a time, so that steps of the plugin run side by side: 1 by default, and never more than
   * the machine has processors.
   */
  readonly workers?: number;
  /** `process`: each call gets a process of its own, which ends behind it. By default processes serve many calls. */
  readonly isolation?: 'shared' | 'process';
  /** Bounds that differ from the usual ones. */
  readonly limits?: Partial<SessionLimits>;
  /** Hears what the plugin prints outside of any call. By default that goes to the host's stderr. */
  readonly onLog?: SessionLog;
  /**
   * A new file, readable by its owner only, in which everything that is said on the wire is recorded, without the values of
   * secrets; several plugins of a process may share one. By default the one that STEP_PROTOCOL_RECORD names, if any.
   */
  readonly record?: string | undefined;
  /** Gives up connecting. */
  readonly signal?: AbortSignal;
}

/**
 * Starts a plugin and asks what it offers.
 *
 * @throws PluginError when it cannot be started, is no plugin, or fails before it is ready; nothing is left running then.
 * @throws TranscriptFileError when nothing can be recorded to the file that `record` names.
 * @example
 * const session = await connectPlugin({ python: 'plugins/train.py' });
 * registry.register(session.step('train'));
 * // …
 * await session.close();
 */
export async function connectPlugin(target: PluginTarget, options: ConnectPluginOptions = {}): Promise<PluginSession> {
  return await PluginSession.open(await connectionSettings(target, options), options.signal);
}

/** All that starting the processes of a plugin needs. */
export async function connectionSettings(
  target: PluginTarget,
  options: ConnectPluginOptions,
): Promise<ConnectionSettings> {
  const plugin = options.name ?? nameOf(target);
  const cwd = resolve(options.cwd ?? '.');
  const env = environmentOf(target, options);
  const secrets = secretsOf(options.secrets ?? []);
  return {
    plugin,
    command: await commandOf(target, { plugin, cwd, env }),
    cwd,
    env,
    sessionId: randomUUID(),
    secrets,
    config: options.config ?? {},
    limits: limitsOf(options),
    workers: workersOf(options),
    isolated: options.isolation === 'process',
    log: guardedLog(options.onLog ?? printToStderr),
    redact: redactSecrets(secrets),
    uncuttable: findSecretBytes(secrets),
    record: recordOf(options),
  };
}

function recordOf({
  record = process.env['STEP_PROTOCOL_RECORD'] ?? '',
}: ConnectPluginOptions): TranscriptFile | undefined {
  return record === '' ? undefined : transcriptAt(record);
}

function workersOf({ workers = 1 }: ConnectPluginOptions): number {
  if (!Number.isInteger(workers) || workers < 1) {
    throw new RangeError(`'workers' must be a whole number of 1 or more, not ${String(workers)}.`);
  }
  return Math.min(workers, availableParallelism());
}

function limitsOf({ limits, isolation }: ConnectPluginOptions): SessionLimits {
  return { ...DEFAULT_SESSION_LIMITS, ...limits, ...(isolation === 'process' && { maxCalls: 1 }) };
}

function nameOf(target: PluginTarget): string {
  return 'python' in target ? target.python : target.command.join(' ').slice(0, LONGEST_NAME);
}

const LONGEST_NAME = 80;

async function commandOf(
  target: PluginTarget,
  place: { readonly plugin: string; readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<readonly string[]> {
  if ('command' in target) return target.command;
  return await pythonCommand({ ...target, ...place, virtualEnv: process.env['VIRTUAL_ENV'] });
}

function environmentOf(target: PluginTarget, { env = [] }: ConnectPluginOptions): Record<string, string> {
  const python = 'python' in target ? PYTHON_ENVIRONMENT : {};
  if (isNames(env)) return processEnvironment({ granted: env, extra: python });
  return processEnvironment({ extra: { ...python, ...env } });
}

function secretsOf(secrets: readonly string[] | Readonly<Record<string, string>>): Record<string, string> {
  if (!isNames(secrets)) return { ...secrets };
  const found: Record<string, string> = {};
  for (const name of secrets) {
    const value = process.env[name];
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

function isNames(value: readonly string[] | Readonly<Record<string, string>>): value is readonly string[] {
  return Array.isArray(value);
}

/** Whoever listens can never break a session. */
function guardedLog(log: SessionLog): SessionLog {
  return (entry) => {
    try {
      log(entry);
    } catch (error) {
      process.stderr.write(`onLog of plugin '${entry.plugin}' threw: ${String(error)}\n`);
    }
  };
}

function printToStderr({ plugin, message }: SessionLogEntry): void {
  process.stderr.write(`[${plugin}] ${printable(message)}\n`);
}
