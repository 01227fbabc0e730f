import { onAbort } from './abort-watch.js';
import type { Fate } from './fate.js';
import type { EndReason, PendingRequest } from './pending-request.js';
import { startPatientTimer } from './patient-timer.js';

/** What ends a request needs. */
export interface EndRequestOptions {
  readonly fate: Fate;
  /** Sends a `cancel` frame; left out for a plugin that knows none. */
  readonly sendCancel: ((pending: PendingRequest, graceMs: number) => void) | undefined;
  readonly defaultGraceMs: number;
}

/**
 * Ends a request early: the plugin is asked to cancel and gets its grace, then its process is ended. An undo is never
 * asked to cancel, as half an undo is worse than a late one; only when its own time is over, its process is ended.
 */
export function endRequest(pending: PendingRequest, reason: EndReason, options: EndRequestOptions): void {
  if (pending.endReason !== undefined || !pending.isOpen) return;
  pending.endReason = reason;
  if (pending.request.method === 'rollback') {
    options.fate.seal({ ...doomOf(reason, 0), callId: pending.id });
    return;
  }
  const graceMs = pending.request.cancelGraceMs ?? options.defaultGraceMs;
  options.sendCancel?.(pending, graceMs);
  pending.onSettled(
    startPatientTimer(graceMs, () => options.fate.seal({ ...doomOf(reason, graceMs), callId: pending.id })),
  );
}

function doomOf(reason: EndReason, graceMs: number) {
  const tail = graceMs === 0 ? 'was ended' : `did not stop within ${graceMs} ms and was ended`;
  switch (reason.type) {
    case 'cancelled':
      return { kind: 'killed_after_cancel', text: `was cancelled, ${tail}`, cause: reason.reason } as const;
    case 'deadline':
      return { kind: 'timeout', text: `took longer than ${reason.deadlineMs} ms, ${tail}` } as const;
    case 'listener':
      return {
        kind: 'killed_after_cancel',
        text: `was stopped, because what it reported could not be kept; it ${tail}`,
        cause: reason.error,
      } as const;
  }
}

/** Ends the request when its signal aborts or its time is over; both watches end with the request. */
export function watchForEnd(pending: PendingRequest, options: EndRequestOptions): void {
  const { signal, deadlineMs } = pending.request;
  if (signal !== undefined) {
    const cancel = (): void => endRequest(pending, { type: 'cancelled', reason: signal.reason }, options);
    pending.onSettled(onAbort(signal, cancel));
  }
  if (deadlineMs === undefined) return;
  const expire = (): void => endRequest(pending, { type: 'deadline', deadlineMs }, options);
  pending.onSettled(startPatientTimer(deadlineMs, expire));
}
