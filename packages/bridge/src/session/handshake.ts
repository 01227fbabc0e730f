import type { DescribeResult } from '../protocol/describe.js';
import type { InitializeParams, InitializeResult } from '../protocol/initialize.js';
import { stepExcesses } from '../protocol/step-bounds.js';
import { PROTOCOL_VERSIONS } from '../protocol/version.js';
import { PACKAGE_VERSION } from '../package-version.js';
import type { ConnectionSettings } from './connection-settings.js';
import { honourCapabilities } from './honour-capabilities.js';
import { onAbort } from './abort-watch.js';
import { startPatientTimer } from './patient-timer.js';
import type { PluginConnection } from './plugin-connection.js';
import { PluginError } from './plugin-error.js';
import type { SessionLimits } from './session-limits.js';

/** What a plugin says of itself. */
export interface PluginDescription {
  readonly info: InitializeResult;
  readonly description: DescribeResult;
}

/**
 * Introduces host and plugin. Both requests are written at once, so that a cold start pays for no round trip.
 *
 * @throws PluginError when the plugin is none, dies, is too slow or too new; its process is ended then.
 */
export async function handshake(
  connection: PluginConnection,
  settings: ConnectionSettings,
  signal?: AbortSignal,
): Promise<PluginDescription> {
  const stopWatching = watchHandshake(connection, settings, signal);
  try {
    const initialize = connection.call({ method: 'initialize' }, initializeParams(settings));
    const describe = connection.call({ method: 'describe' }, {});
    describe.result.catch(() => undefined); // the answer to initialize explains more, and is looked at first
    const info = await initialize.result;
    checkVersion(info, settings);
    const description = honourCapabilities(await describe.result, initialize.rawResult?.['capabilities'], settings);
    checkSteps(description, settings);
    connection.becomeReady(info.capabilities);
    return { info, description };
  } catch (error) {
    connection.end({ kind: 'not_a_plugin', text: 'failed the handshake and was ended', cause: error });
    await connection.lost;
    throw error;
  } finally {
    stopWatching();
  }
}

function watchHandshake(connection: PluginConnection, settings: ConnectionSettings, signal?: AbortSignal): () => void {
  const { handshakeMs } = settings.limits;
  const stopTimer = startPatientTimer(handshakeMs, () => {
    connection.end({
      kind: 'handshake_timeout',
      text: `did not answer the handshake within ${handshakeMs} ms and was ended`,
    });
  });
  const cancel = (): void =>
    connection.end({ kind: 'killed_after_cancel', text: 'was cancelled while it started', cause: signal?.reason });
  const stopListening = signal && onAbort(signal, cancel);
  return () => {
    stopTimer();
    stopListening?.();
  };
}

function initializeParams(settings: ConnectionSettings): InitializeParams {
  const { limits } = settings;
  return {
    protocol_versions: [...PROTOCOL_VERSIONS],
    host: { name: '@synapse-steps/bridge', version: PACKAGE_VERSION },
    session: settings.sessionId,
    limits: {
      max_frame_bytes: limits.maxFrameBytes,
      max_depth: limits.maxDepth,
      ...(settings.exchange === undefined
        ? { inline_bytes: limits.maxFrameBytes }
        : { inline_bytes: limits.inlineBytes, max_file_bytes: limits.maxFileBytes }),
    },
    work_dir: settings.cwd,
    exchange_dir: settings.exchange?.folder.path ?? null,
    config: settings.config,
    secrets: { ...settings.secrets },
  };
}

function checkVersion(info: InitializeResult, { plugin }: ConnectionSettings): void {
  if (PROTOCOL_VERSIONS.includes(info.protocol_version)) return;
  throw new PluginError({
    kind: 'version_mismatch',
    plugin,
    message: `Plugin '${plugin}' speaks version ${info.protocol_version} of the step protocol, this host ${PROTOCOL_VERSIONS.join(', ')}. Update the older one of the two.`,
  });
}

function checkSteps({ steps }: DescribeResult, { plugin, limits }: ConnectionSettings): void {
  const problem = problemOf(steps, limits);
  if (problem === undefined) return;
  throw new PluginError({ kind: 'protocol_violation', plugin, message: `Plugin '${plugin}' offers ${problem}.` });
}

function problemOf(steps: DescribeResult['steps'], limits: SessionLimits): string | undefined {
  if (steps.length > limits.maxSteps) return `${steps.length} steps; ${limits.maxSteps} are allowed`;
  const names = steps.map((step) => step.name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `two steps named '${twice}'`;
  for (const step of steps) {
    const [excess] = stepExcesses(step, limits);
    if (excess !== undefined) return `a step '${step.name}' that ${excess.text}`;
  }
  return undefined;
}
