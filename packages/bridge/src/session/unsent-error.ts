import { UnserialisableValueError } from '@synapse-steps/core';
import { ExchangeWriteError } from '../exchange/exchange-error.js';
import { FrameEncodeError } from '../framing/encode-frame.js';
import { QueueFullError } from '../framing/frame-writer.js';
import { ProcessStartError } from '../process/index.js';
import type { ErrorKind } from '../protocol/error-kinds.js';
import type { CallRequest } from './pending-request.js';
import { PluginError } from './plugin-error.js';

/** The error of a request that was never sent: the step did not begin. */
export function unsentError(plugin: string, request: CallRequest, cause: unknown): PluginError {
  const text = cause instanceof Error ? cause.message : String(cause);
  const what = request.step === undefined ? `'${request.method}'` : `'${request.method}' of step '${request.step}'`;
  return new PluginError({
    kind: unsentKind(cause),
    plugin,
    step: request.step,
    message: `${what} was not sent to plugin '${plugin}': ${text}.`,
    cause,
  });
}

function unsentKind(cause: unknown): ErrorKind {
  if (cause instanceof QueueFullError) return 'queue_full';
  if (cause instanceof ExchangeWriteError) return 'exchange_failed';
  if (cause instanceof UnserialisableValueError) return 'unserialisable_value';
  if (!(cause instanceof FrameEncodeError)) return 'write_failed';
  return cause.problem === 'too_large' ? 'frame_too_large' : 'unserialisable_value';
}

/** The error of a plugin whose process could not be started. */
export function startError(plugin: string, cause: unknown): unknown {
  if (!(cause instanceof ProcessStartError)) return cause;
  return new PluginError({
    kind: 'spawn_failed',
    plugin,
    message: `Plugin '${plugin}' could not be started. ${cause.message}`,
    cause,
    details: { problem: cause.problem },
  });
}
