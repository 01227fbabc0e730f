import { FrameReader } from '../framing/frame-reader.js';
import { FrameWriter } from '../framing/frame-writer.js';
import {
  type ManagedProcess,
  type ProcessExit,
  startProcess,
  stopProcess,
  terminateProcess,
} from '../process/index.js';
import type { Capabilities } from '../protocol/capabilities.js';
import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import type { ConnectionSettings } from './connection-settings.js';
import { endRequest, type EndRequestOptions, watchForEnd } from './end-request.js';
import { Fate } from './fate.js';
import { FrameDispatcher } from './frame-dispatcher.js';
import { KeepAwake } from './keep-awake.js';
import { LivenessWatch } from './liveness-watch.js';
import { type Doom, handshakeError, type Loss, lossError } from './loss-error.js';
import { startPatientTimer } from './patient-timer.js';
import type { CallRequest, PendingRequest } from './pending-request.js';
import { PluginOutput } from './plugin-output.js';
import { RequestTable } from './request-table.js';
import { stopText } from './stop-text.js';
import { startError, unsentError } from './unsent-error.js';

/** A call under way, as its caller sees it. */
export interface OngoingCall<TResult> {
  readonly result: Promise<TResult>;
  /** Tells the plugin that undo data is safe. */
  confirmUndo(seq: number): void;
  /** Ends the call, because what it reported could not be kept. */
  fail(error: unknown): void;
}

/**
 * One life of a plugin's process, from its start until nothing of it is left. Requests that are open when it ends are
 * failed only then, so that no undo begins while its step may still be at work.
 */
export class PluginConnection {
  /** Settles when the process is gone, or had to be left behind. */
  readonly lost: Promise<void>;
  readonly #settings: ConnectionSettings;
  readonly #process: ManagedProcess;
  readonly #writer: FrameWriter;
  readonly #dispatcher: FrameDispatcher;
  readonly #requests: RequestTable;
  readonly #output: PluginOutput;
  readonly #fate: Fate;
  readonly #awake: KeepAwake;
  #capabilities: Capabilities | undefined;
  #liveness: LivenessWatch | undefined;
  #isLost = false;
  #tellLost: () => void = () => undefined;
  #isClosing = false;

  private constructor(parts: ConnectionParts, process: ManagedProcess) {
    this.#settings = parts.settings;
    this.#process = process;
    this.#dispatcher = parts.dispatcher;
    this.#requests = parts.requests;
    this.#output = parts.output;
    this.#fate = parts.fate;
    this.#writer = new FrameWriter(process.stdin, parts.settings.limits);
    this.#awake = new KeepAwake(process, () => this.#requests.isEmpty && !this.#isClosing && this.isAlive);
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve;
    });
    void this.#watchEnd();
    void this.#watchStdout();
  }

  /**
   * Starts the plugin's process; the handshake is the caller's.
   *
   * @throws PluginError of the kind `spawn_failed`.
   */
  static async start(settings: ConnectionSettings): Promise<PluginConnection> {
    const parts = connectionParts(settings);
    const reader = new FrameReader(parts.dispatcher, settings.limits);
    try {
      const process = await startProcess({
        command: settings.command,
        cwd: settings.cwd,
        env: { ...settings.env, STEP_PROTOCOL_SESSION: settings.sessionId },
        onStdout: (chunk) => reader.push(chunk),
        onStderr: (lines) => parts.output.onStderr(lines),
      });
      return new PluginConnection(parts, process);
    } catch (error) {
      throw startError(settings.plugin, error);
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return !this.#isLost && this.#fate.doom === undefined && this.#process.exit === undefined;
  }

  /** The handshake is over: from now on the plugin may be called, cancelled and pinged. */
  becomeReady(capabilities: Capabilities): void {
    this.#capabilities = capabilities;
    const { pingAfterMs, hangTimeoutMs } = this.#settings.limits;
    this.#liveness = new LivenessWatch({
      pid: this.#process.pid,
      requests: this.#requests,
      fate: this.#fate,
      pingAfterMs,
      hangTimeoutMs,
      lastFrameAt: () => this.#dispatcher.lastFrameAt,
      ping: capabilities.ping ? () => this.#ping() : undefined,
    });
  }

  /** Sends a request. Its result rejects with a PluginError when the plugin answers with an error or is lost. */
  call<TMethod extends RequestMethod>(
    request: CallRequest & { readonly method: TMethod },
  ): OngoingCall<RequestResult<TMethod>> {
    const pending = this.#requests.open(request);
    this.#awake.wake();
    pending.onSettled(() => this.#awake.restSoon());
    const { method, params } = request;
    this.#send(pending, { jsonrpc: '2.0', id: pending.id, method, params });
    if (pending.isOpen) watchForEnd(pending, this.#endOptions());
    return {
      result: pending.settled as Promise<RequestResult<TMethod>>,
      confirmUndo: (seq) => this.#notify('undo_saved', { id: pending.id, seq }),
      fail: (error) => endRequest(pending, { type: 'listener', error }, this.#endOptions()),
    };
  }

  /** Ends the process because of `doom`, unless it is being ended already; open requests fail once it is gone. */
  end(doom: Doom): void {
    this.#fate.seal(doom);
  }

  /** Asks the plugin to finish and waits until it has, or has been made to. */
  async close(): Promise<void> {
    const { shutdownMs, terminateMs, killMs } = this.#settings.limits;
    if (!this.#requests.isEmpty)
      this.#fate.seal({ kind: 'session_closed', text: 'was ended, because its session was closed' });
    this.#isClosing = true;
    if (this.isAlive) {
      this.#awake.wake();
      if (this.#capabilities !== undefined) this.#requestShutdown(shutdownMs);
      const outcome = await stopProcess(this.#process, { endOfInputMs: shutdownMs, terminateMs, killMs });
      if (outcome === 'abandoned') this.#settleLost(undefined);
    }
    await this.lost;
  }

  #requestShutdown(deadlineMs: number): void {
    const pending = this.#requests.open({ method: 'shutdown', params: { deadline_ms: deadlineMs } });
    pending.settled.catch(() => undefined); // the exit is what counts; a plugin may end without an answer
    this.#send(pending, { jsonrpc: '2.0', id: pending.id, method: 'shutdown', params: pending.request.params });
  }

  #endOptions(): EndRequestOptions {
    return {
      fate: this.#fate,
      defaultGraceMs: this.#settings.limits.cancelGraceMs,
      sendCancel:
        this.#capabilities?.cancel === true ? (pending, graceMs) => this.#sendCancel(pending, graceMs) : undefined,
    };
  }

  #sendCancel(pending: PendingRequest, graceMs: number): void {
    const reason = pending.endReason === undefined ? '' : stopText(pending.endReason);
    this.#notify('cancel', { id: pending.id, reason, grace_ms: graceMs });
  }

  #ping(): void {
    if (this.#requests.openRequests().some((pending) => pending.request.method === 'ping')) return;
    const pending = this.#requests.open({ method: 'ping', params: {} });
    pending.settled.catch(() => undefined); // silence is noticed by the watch, death by the call that is under way
    this.#send(pending, { jsonrpc: '2.0', id: pending.id, method: 'ping', params: {} });
  }

  #notify(method: string, params: Record<string, unknown>): void {
    if (this.#isLost || this.#process.stdin.destroyed) return; // nobody is left to hear it
    try {
      this.#writer.write({ jsonrpc: '2.0', method, params }, (error) => this.#onWritten(error));
    } catch (error) {
      const text = 'reads so slowly that nothing more could be sent to it, and was ended';
      this.#endUnlessItEnds({ kind: 'queue_full', text, cause: error });
    }
  }

  #send(pending: PendingRequest, frame: Record<string, unknown>): void {
    try {
      this.#writer.write(frame, (error) => this.#onWritten(error));
    } catch (error) {
      pending.reject(unsentError(this.#settings.plugin, pending.request, error));
    }
  }

  /** A write fails when the process has died, which its exit explains better, or has closed its stdin. */
  #onWritten(error: Error | null | undefined): void {
    if (!error) return;
    this.#endUnlessItEnds({
      kind: 'write_failed',
      text: 'closed its stdin, so that nothing could be sent to it, and was ended',
      cause: error,
    });
  }

  async #watchStdout(): Promise<void> {
    await this.#process.stdoutEnded;
    this.#endUnlessItEnds({
      kind: 'protocol_violation',
      text: 'closed its stdout, so that it could not answer any more, and was ended',
    });
  }

  /** A pipe that closes is mostly the first sign of an exit, and no offence of a plugin that was asked to finish. */
  #endUnlessItEnds(doom: Doom): void {
    if (this.#process.exit !== undefined) return;
    const seal = (): void => (this.#isClosing ? undefined : this.#fate.seal(doom));
    void this.#process.exited.then(startPatientTimer(CLOSING_MS, seal));
  }

  async #watchEnd(): Promise<void> {
    this.#fate.onSealed(() => void this.#terminate());
    const exit = await this.#process.closed;
    this.#settleLost(exit);
  }

  async #terminate(): Promise<void> {
    const { terminateMs, killMs } = this.#settings.limits;
    this.#awake.wake();
    const outcome = await terminateProcess(this.#process, { endOfInputMs: 0, terminateMs, killMs });
    if (outcome === 'abandoned') this.#settleLost(undefined);
  }

  #settleLost(exit: ProcessExit | undefined): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.#liveness?.stop();
    this.#awake.stop();
    const loss: Loss = {
      plugin: this.#settings.plugin,
      doom: this.#fate.doom,
      exit,
      stderrTail: this.#process.stderrTail.lines().map(this.#settings.redact),
      firstStray: this.#output.stray.first,
    };
    if (exit === undefined) this.#process.keepHostAlive(false);
    this.#tellLost();
    const open = this.#requests.openRequests();
    if (open.length === 0 && !this.#isClosing) this.#output.onIdleLoss(lossError(loss, NO_CALL).message);
    for (const pending of open) {
      pending.reject(this.#capabilities === undefined ? handshakeError(loss) : lossError(loss, callOf(pending)));
    }
  }
}

const CLOSING_MS = 200;
const NO_CALL = { method: 'none', step: undefined };

function callOf({ request }: PendingRequest): { method: string; step: string | undefined } {
  return { method: request.method, step: request.step };
}

interface ConnectionParts {
  readonly settings: ConnectionSettings;
  readonly requests: RequestTable;
  readonly output: PluginOutput;
  readonly fate: Fate;
  readonly dispatcher: FrameDispatcher;
}

function connectionParts(settings: ConnectionSettings): ConnectionParts {
  const requests = new RequestTable();
  const fate = new Fate();
  const output = new PluginOutput(settings, requests, fate);
  const dispatcher = new FrameDispatcher({ settings, requests, output, fate });
  return { settings, requests, output, fate, dispatcher };
}
