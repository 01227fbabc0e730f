import { z } from 'zod';
import { BadFileError, undecodableText } from '../exchange/exchange-error.js';
import type { ErrorFrame, ResultFrame, WireError } from '../protocol/frame.js';
import { parseResult } from '../protocol/parse-result.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { PendingRequest } from './pending-request.js';
import { PluginError } from './plugin-error.js';
import { durationText } from './stop-text.js';
import { type Redact, redactFields, redactTexts } from './redact-secrets.js';
import { toPluginError } from './wire-error.js';

/** Settles a request with the result that the plugin sent, if it has the shape that its method asks for. */
export function settleWithResult(pending: PendingRequest, frame: ResultFrame, settings: ConnectionSettings): void {
  const { method, step } = pending.request;
  pending.rawResult = frame.result;
  if (rejectSpoiled(pending, settings)) return;
  const parsed = parseResult(method, frame.result);
  if (parsed.success) {
    pending.resolve(withoutSecrets(parsed.data, settings.redact));
    return;
  }
  pending.reject(
    new PluginError({
      kind: 'protocol_violation',
      plugin: settings.plugin,
      step,
      message: `Plugin '${settings.plugin}' answered '${method}' in a wrong shape: ${settings.redact(z.prettifyError(parsed.error))}`,
      outcomeUnknown: method === 'execute' || method === 'rollback',
      cause: parsed.error,
    }),
  );
}

/** Settles a request whose answer came, and could not be taken. */
export function settleWithRefusal(pending: PendingRequest, why: string, { plugin }: ConnectionSettings): void {
  const { method, step } = pending.request;
  pending.reject(
    new PluginError({
      kind: 'protocol_violation',
      plugin,
      step,
      message: `Plugin '${plugin}' answered '${method}'${step === undefined ? '' : ` of step '${step}'`} with a line that cannot be taken: ${why}.`,
      outcomeUnknown: method === 'execute' || method === 'rollback',
    }),
  );
}

/** Settles a request whose answer holds values that cannot be taken: a file that is not as it was said, or a bad tag. */
export function settleWithBadValues(pending: PendingRequest, error: unknown, settings: ConnectionSettings): void {
  const { method, step } = pending.request;
  const { plugin, redact } = settings;
  const isFile = error instanceof BadFileError;
  pending.reject(
    new PluginError({
      kind: isFile ? 'bad_file' : 'protocol_violation',
      plugin,
      step,
      message: `Plugin '${plugin}' answered '${method}'${step === undefined ? '' : ` of step '${step}'`} with values that cannot be taken: ${redact(undecodableText(error))}.`,
      outcomeUnknown: method === 'execute' || method === 'rollback',
      cause: error,
      ...(isFile && { details: { pointer: error.pointer } }),
    }),
  );
}

/** Settles a request with the error that the plugin sent, seen in the light of what the host had asked for. */
export function settleWithError(pending: PendingRequest, frame: ErrorFrame, settings: ConnectionSettings): void {
  if (rejectSpoiled(pending, settings)) return;
  const { endReason, request } = pending;
  const error = toPluginError(errorWithoutSecrets(frame.error, settings.redact), {
    plugin: settings.plugin,
    step: request.step,
    ...(endReason?.type === 'cancelled' && { cancelReason: endReason.reason }),
  });
  pending.reject(endReason?.type === 'deadline' ? timeoutError(pending, error, endReason.deadlineMs) : error);
}

/** An undo that could not be stopped for what it sent: it is through now, and has failed. */
function rejectSpoiled(pending: PendingRequest, { plugin }: ConnectionSettings): boolean {
  const { spoiledBy, request } = pending;
  if (spoiledBy === undefined) return false;
  const message = `The undo of step '${request.step}' failed in plugin '${plugin}', which ${spoiledBy}. It was let finish.`;
  pending.reject(new PluginError({ kind: 'protocol_violation', plugin, step: request.step, message }));
  return true;
}

/** What people are shown. Data, undo data and changes of the context stay as they are: somebody works with them. */
function withoutSecrets(result: Record<string, unknown>, redact: Redact): Record<string, unknown> {
  return redactFields(result, SHOWN, redact);
}

const SHOWN: ReadonlySet<string> = new Set(['error', 'cause', 'reason', 'skip_reason', 'left_behind']);

function errorWithoutSecrets({ data, ...error }: WireError, redact: Redact): WireError {
  if (!data) return { ...redactTexts(error, redact) };
  const { patch, ...shown } = data;
  return { ...redactTexts(error, redact), data: { ...redactTexts(shown, redact), patch } };
}

function timeoutError(pending: PendingRequest, cause: PluginError, deadlineMs: number): PluginError {
  const { step, method } = pending.request;
  return new PluginError({
    kind: 'timeout',
    plugin: cause.plugin,
    step,
    message: `Step '${step ?? method}' of plugin '${cause.plugin}' was stopped because its time of ${durationText(deadlineMs)} was over.`,
    cause,
    patch: cause.patch,
  });
}
