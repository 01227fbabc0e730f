import { z } from 'zod';
import type { FrameListener } from '../framing/frame-reader.js';
import type { LineProblem, ParsedLine } from '../framing/parse-frame.js';
import { decodeFrame } from '../exchange/decode-frame.js';
import { takeOptions } from '../exchange/take-values.js';
import { undecodableText } from '../exchange/exchange-error.js';
import type { ErrorFrame, Frame, NotificationFrame, ResultFrame } from '../protocol/frame.js';
import { isPluginNotification, PLUGIN_NOTIFICATIONS, type PluginNotification } from '../protocol/methods.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { Fate } from './fate.js';
import type { PendingRequest } from './pending-request.js';
import type { PluginOutput } from './plugin-output.js';
import { redactFields } from './redact-secrets.js';
import type { RequestTable } from './request-table.js';
import { refusedMessage, whyRefused } from './refused-line.js';
import { settleWithBadValues, settleWithError, settleWithRefusal, settleWithResult } from './settle-answer.js';

/** What a dispatcher works on. */
export interface DispatchTarget {
  readonly settings: ConnectionSettings;
  readonly requests: RequestTable;
  readonly output: PluginOutput;
  readonly fate: Fate;
}

/** Takes each frame to the request that it belongs to. A frame that belongs nowhere is a violation, never a crash. */
export class FrameDispatcher implements FrameListener {
  readonly #target: DispatchTarget;
  /** When the last frame came, on the monotonic clock: the plugin's sign of life. */
  lastFrameAt = performance.now();

  constructor(target: DispatchTarget) {
    this.#target = target;
  }

  onFrame({ frame, mayHoldTags }: Extract<ParsedLine, { ok: true }>): void {
    this.lastFrameAt = performance.now();
    this.#target.output.stray.frameCame();
    if (mayHoldTags) this.#onTagged(frame);
    else this.#dispatch(frame);
  }

  #onTagged(frame: Frame): void {
    let decoded: Frame;
    try {
      decoded = decodeFrame(frame, takeOptions(this.#target.settings));
    } catch (error) {
      this.#onUndecodable(frame, error);
      return;
    }
    this.#dispatch(decoded);
  }

  /** Values that cannot be taken, for a bad file or a bad tag, fail whatever they came for. */
  #onUndecodable(frame: Frame, error: unknown): void {
    const { requests, output, settings } = this.#target;
    if (frame.kind === 'notification') {
      const { method, params = {} } = frame.frame;
      const text = `sent a '${method}' notification whose values cannot be taken: ${undecodableText(error)}`;
      if (method === 'undo') this.#onBadUndo(text, params);
      else output.onViolation(`malformed-${method}`, `it ${text}`);
    } else if (frame.kind !== 'request' && frame.frame.id !== null) {
      const pending = this.#find(frame.frame.id);
      if (pending !== undefined) requests.answer(pending, () => settleWithBadValues(pending, error, settings));
    }
  }

  #dispatch(frame: Frame): void {
    switch (frame.kind) {
      case 'result':
        return this.#onResult(frame.frame);
      case 'error':
        return this.#onError(frame.frame);
      case 'notification':
        return this.#onNotification(frame.frame);
      case 'request':
        return this.#onRequest();
    }
  }

  onStray(text: Buffer, problem: LineProblem): void {
    const { output, requests, settings } = this.#target;
    output.onStray(text, problem);
    const meant = refusedMessage(text, problem);
    if (meant?.type === 'undo')
      this.#onBadUndo(`sent undo data that cannot be taken: ${whyRefused(text, problem)}`, meant);
    const pending = meant?.type === 'answer' ? requests.find(meant.id) : undefined;
    if (pending !== undefined)
      requests.answer(pending, () => settleWithRefusal(pending, whyRefused(text, problem), settings));
  }

  onTooLarge(beginning: Buffer): void {
    const { fate, output, settings } = this.#target;
    output.stray.add(beginning);
    fate.seal({
      kind: 'frame_too_large',
      text: `sent a line of more than ${settings.limits.maxFrameBytes} bytes and was ended; large data belongs into a file whose path it sends`,
    });
  }

  #onResult(frame: ResultFrame): void {
    const pending = this.#find(frame.id);
    if (pending === undefined) return;
    this.#target.requests.answer(pending, () => settleWithResult(pending, frame, this.#target.settings));
  }

  #onError(frame: ErrorFrame): void {
    if (frame.id === null) {
      this.#target.output.onViolation('unread', `it could not read a message of the host (${frame.error.message})`);
      return;
    }
    const pending = this.#find(frame.id);
    if (pending === undefined) return;
    this.#target.requests.answer(pending, () => settleWithError(pending, frame, this.#target.settings));
  }

  #find(id: number): PendingRequest | undefined {
    const { requests, output } = this.#target;
    const pending = requests.find(id);
    if (pending !== undefined) return pending;
    if (requests.isKnown(id))
      output.onViolation('late', `it sent something more for the request ${id}, which was over`);
    else output.onViolation('unknown-id', `it answered the request ${id}, which was never made`);
    return undefined;
  }

  #onNotification(frame: NotificationFrame): void {
    if (!isPluginNotification(frame.method)) return; // a newer plugin may say more than this version knows
    const parsed = PLUGIN_NOTIFICATIONS[frame.method].safeParse(frame.params ?? {});
    if (!parsed.success) {
      this.#onMalformed(frame, z.prettifyError(parsed.error));
      return;
    }
    const pending = this.#find(parsed.data.id);
    if (pending === undefined) return;
    if (!pending.takeSeq(parsed.data.seq)) {
      this.#target.output.onViolation('seq', `the seq of its notifications does not grow (${frame.method})`);
    }
    const shown = SHOWN[frame.method];
    const params = shown ? redactFields(parsed.data, shown, this.#target.settings.redact) : parsed.data;
    pending.request.listener?.onNotification({ method: frame.method, params } as PluginNotification);
  }

  #onMalformed({ method, params = {} }: NotificationFrame, problem: string): void {
    const text = `sent a '${method}' notification in a wrong shape: ${problem}`;
    if (method === 'undo') this.#onBadUndo(text, params);
    else this.#target.output.onViolation(`malformed-${method}`, `it ${text}`);
  }

  /**
   * Undo data that cannot be read cannot be saved, and its step must not go on as if it were. Only an undo does: half of
   * one is worse than one that fails when it is through.
   */
  #onBadUndo(text: string, { id, seq }: { readonly id?: unknown; readonly seq?: unknown }): void {
    const { requests, fate } = this.#target;
    const pending = (typeof id === 'number' ? requests.find(id) : undefined) ?? requests.current;
    if (pending?.request.method === 'rollback') pending.spoil(text, Number.isInteger(seq) ? Number(seq) : undefined);
    else fate.seal({ kind: 'protocol_violation', text: `${text}\nIt was ended`, callId: pending?.id });
  }

  #onRequest(): void {
    this.#target.output.onViolation('request', 'it sent a request; only the host does that');
    if (!this.#target.requests.openRequests().some(({ request }) => request.method === 'initialize')) return;
    this.#target.fate.seal({
      kind: 'not_a_plugin',
      text: 'is no plugin: it sends requests, or sends back what it is sent, instead of answering',
    });
  }
}

/** What is for people; nobody works with it. Metrics are numbers, which stay, with names. */
const SHOWN: Readonly<Partial<Record<PluginNotification['method'], ReadonlySet<string>>>> = {
  log: new Set(['event', 'data', 'message']),
  progress: new Set(['category', 'message']),
  metrics: new Set(['category', 'metrics']),
};
