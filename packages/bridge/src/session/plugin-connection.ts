import { FrameReader } from '../framing/frame-reader.js';
import { type ManagedProcess, startProcess, stopProcess } from '../process/index.js';
import { ProcessRecording } from '../transcript/process-recording.js';
import type { Capabilities } from '../protocol/capabilities.js';
import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import type { ConnectionSettings } from './connection-settings.js';
import { endRequest, type EndRequestOptions, watchForEnd } from './end-request.js';
import { Fate } from './fate.js';
import { FrameDispatcher } from './frame-dispatcher.js';
import { FrameOutlet } from './frame-outlet.js';
import { KeepAwake } from './keep-awake.js';
import { LivenessWatch } from './liveness-watch.js';
import type { Doom } from './loss-error.js';
import { LossWatch } from './loss-watch.js';
import type { CallRequest, OngoingCall, PendingRequest, RequestWire } from './pending-request.js';
import { PluginOutput } from './plugin-output.js';
import { RequestTable } from './request-table.js';
import { stopText } from './stop-text.js';
import { startError } from './unsent-error.js';

/** A call as its connection gives it out. */
interface SentCall<TResult> extends OngoingCall<TResult> {
  /** The result as it came, once it has: what was left out in it is still missing. */
  readonly rawResult: Readonly<Record<string, unknown>> | undefined;
}

/** One life of a plugin's process, from its start until nothing of it is left: what may be asked of it, and its end. */
export class PluginConnection {
  readonly #settings: ConnectionSettings;
  readonly #process: ManagedProcess;
  readonly #parts: ConnectionParts;
  readonly #outlet: FrameOutlet;
  readonly #loss: LossWatch;
  readonly #awake: KeepAwake;
  readonly #wire: RequestWire;
  #ending: EndRequestOptions;
  #capabilities: Capabilities | undefined;
  #liveness: LivenessWatch | undefined;
  #isClosing = false;

  private constructor(parts: ConnectionParts, process: ManagedProcess) {
    const { settings, requests, recording } = parts;
    this.#settings = settings;
    this.#process = process;
    this.#parts = parts;
    this.#awake = new KeepAwake(process, () => requests.isQuiet && !this.#isClosing && this.isAlive);
    this.#loss = new LossWatch({
      ...parts,
      process,
      awake: this.#awake,
      isReady: () => this.#capabilities !== undefined,
      onLost: () => this.#liveness?.stop(),
    });
    this.#outlet = new FrameOutlet({
      settings,
      process,
      recording,
      takesFiles: () => this.#capabilities?.files === true,
      onBroken: (doom) => this.#loss.suspect(doom),
    });
    this.#ending = { fate: parts.fate, defaultGraceMs: settings.limits.cancelGraceMs, sendCancel: undefined };
    this.#wire = this.#wireOf(requests);
  }

  /**
   * Starts the plugin's process; the handshake is the caller's.
   *
   * @throws PluginError of the kind `spawn_failed`.
   */
  static async start(settings: ConnectionSettings): Promise<PluginConnection> {
    const parts = connectionParts(settings);
    const { recording } = parts;
    const reader = new FrameReader(recording?.listensTo(parts.dispatcher) ?? parts.dispatcher, settings.limits);
    try {
      const process = await startProcess({
        command: settings.command,
        cwd: settings.cwd,
        env: { ...settings.env, STEP_PROTOCOL_SESSION: settings.sessionId },
        onStdout: (chunk) => reader.push(chunk),
        uncuttable: settings.uncuttable,
        onStderr: (lines) => {
          recording?.prints(lines);
          parts.output.onStderr(lines);
        },
      });
      recording?.follows(process);
      return new PluginConnection(parts, process);
    } catch (error) {
      recording?.givesUp();
      throw startError(settings.plugin, error);
    }
  }

  get pid(): number {
    return this.#process.pid;
  }

  get isAlive(): boolean {
    return !this.#loss.isLost && this.#parts.fate.doom === undefined && this.#process.exit === undefined;
  }

  /** Whether calls of steps are under way. */
  get isBusy(): boolean {
    return this.#parts.requests.calls.length > 0;
  }

  /** Whether it ended by itself and without a complaint. */
  get endedWell(): boolean {
    return this.#parts.fate.doom === undefined && this.#process.exit?.code === 0;
  }

  /** Settles when the process is gone, or had to be left behind. */
  get lost(): Promise<void> {
    return this.#loss.lost;
  }

  /** The handshake is over: from now on the plugin may be called, cancelled and pinged. */
  becomeReady(capabilities: Capabilities): void {
    this.#capabilities = capabilities;
    if (capabilities.cancel) {
      this.#ending = { ...this.#ending, sendCancel: (pending, graceMs) => this.#sendCancel(pending, graceMs) };
    }
    if (this.#loss.isLost) return; // it answered and was gone
    const { requests, fate, dispatcher } = this.#parts;
    const { pingAfterMs, hangTimeoutMs } = this.#settings.limits;
    this.#liveness = new LivenessWatch({
      pid: this.#process.pid,
      requests,
      fate,
      pingAfterMs,
      hangTimeoutMs,
      lastFrameAt: () => dispatcher.lastFrameAt,
      ping: capabilities.ping ? () => this.#ping() : undefined,
    });
  }

  /** Sends a request. Its result rejects with a PluginError when the plugin answers with an error or is lost. */
  call<TMethod extends RequestMethod>(
    request: CallRequest & { readonly method: TMethod },
    params: Record<string, unknown>,
  ): SentCall<RequestResult<TMethod>> {
    const pending = this.#parts.requests.open(request, this.#wire);
    this.#awake.wake();
    this.#outlet.request(pending, params);
    if (pending.isOpen) watchForEnd(pending, this.#ending);
    return pending as SentCall<RequestResult<TMethod>>;
  }

  /** Ends the process because of `doom`, unless it is being ended already; open requests fail once it is gone. */
  end(doom: Doom): void {
    this.#parts.fate.seal(doom);
  }

  /** It gets no further call: when it ends well once it has answered, that is no news. */
  expectExit(): void {
    this.#loss.expectExit();
  }

  /** Asks the plugin to finish and waits until it has, or has been made to. */
  async close(): Promise<void> {
    const { shutdownMs, terminateMs, killMs } = this.#settings.limits;
    if (!this.#parts.requests.isQuiet)
      this.end({ kind: 'session_closed', text: 'was ended, because its session was closed' });
    this.#isClosing = true;
    this.#loss.expectEnd();
    if (this.isAlive) {
      this.#awake.wake();
      if (this.#capabilities !== undefined) this.#ask('shutdown', { deadline_ms: shutdownMs });
      const outcome = await stopProcess(this.#process, { endOfInputMs: shutdownMs, terminateMs, killMs });
      if (outcome === 'abandoned') this.#loss.abandon();
    }
    await this.lost;
  }

  /** What its requests can do here; the same for all of them. */
  #wireOf(requests: RequestTable): RequestWire {
    return {
      confirmUndo: ({ id }, seq) => this.#outlet.notify('undo_saved', { id, seq }),
      fail: (pending, error) => endRequest(pending, { type: 'listener', error }, this.#ending),
      onSettled: (pending) => {
        requests.forget(pending);
        this.#awake.restSoon();
      },
    };
  }

  #sendCancel(pending: PendingRequest, graceMs: number): void {
    const reason = pending.endReason === undefined ? '' : stopText(pending.endReason);
    this.#outlet.notify('cancel', { id: pending.id, reason, grace_ms: graceMs });
  }

  #ping(): void {
    const isAsked = this.#parts.requests.openRequests().some(({ request }) => request.method === 'ping');
    if (!isAsked) this.#ask('ping', {});
  }

  /** A request whose answer says nothing: silence is noticed by the watch, death by the call that is under way. */
  #ask(method: 'ping' | 'shutdown', params: Record<string, unknown>): void {
    const pending = this.#parts.requests.open({ method }, this.#wire);
    pending.result.catch(() => undefined);
    this.#outlet.request(pending, params);
  }
}

interface ConnectionParts {
  readonly settings: ConnectionSettings;
  readonly requests: RequestTable;
  readonly output: PluginOutput;
  readonly fate: Fate;
  readonly dispatcher: FrameDispatcher;
  readonly recording: ProcessRecording | undefined;
}

function connectionParts(settings: ConnectionSettings): ConnectionParts {
  const requests = new RequestTable();
  const fate = new Fate();
  const output = new PluginOutput(settings, requests, fate);
  const dispatcher = new FrameDispatcher({ settings, requests, output, fate });
  const recording = settings.record && new ProcessRecording(settings.record, settings.plugin);
  return { settings, requests, output, fate, dispatcher, recording };
}
