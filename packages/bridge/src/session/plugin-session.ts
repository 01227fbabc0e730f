import { HeldContext } from '../context-sync/held-context.js';
import { RemoteStep } from '../remote-step.js';
import type { DescribeResult, StepDescription } from '../protocol/describe.js';
import type { InitializeResult } from '../protocol/initialize.js';
import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import type { ConnectionSettings } from './connection-settings.js';
import { handshake, type PluginDescription } from './handshake.js';
import { type OngoingCall, PluginConnection } from './plugin-connection.js';
import { PluginError } from './plugin-error.js';
import type { PluginPeer } from './plugin-peer.js';
import { RestartBudget } from './restart-budget.js';
import type { StepCaller, StepRequest } from './step-caller.js';
import { TurnQueue } from './turn-queue.js';

interface Life {
  readonly connection: PluginConnection;
  readonly described: PluginDescription;
  readonly peer: PluginPeer;
}

/**
 * A plugin as the host sees it: always there. Its process is a cache; each call carries all that it needs, so a process
 * that died is started again for the next call. One call is under way at a time, the others wait.
 */
export class PluginSession implements StepCaller, AsyncDisposable {
  readonly #settings: ConnectionSettings;
  readonly #turns = new TurnQueue();
  readonly #restarts: { readonly forwards: RestartBudget; readonly rollback: RestartBudget };
  #life: Life;
  #starting: Promise<Life> | undefined;
  readonly #stopStarting = new AbortController();
  #revision = 0;
  #closing: Promise<void> | undefined;

  private constructor(settings: ConnectionSettings, life: Life) {
    this.#settings = settings;
    const { maxRestarts, restartWindowMs: windowMs } = settings.limits;
    this.#restarts = {
      forwards: new RestartBudget({ limit: maxRestarts, windowMs }),
      // what is undone may need one process more than what failed, however often that one died
      rollback: new RestartBudget({ limit: maxRestarts + 1, windowMs }),
    };
    this.#life = life;
  }

  /**
   * Starts the plugin and asks what it offers.
   *
   * @throws PluginError when it cannot be started or is no plugin; nothing is left running then.
   */
  static async open(settings: ConnectionSettings, signal?: AbortSignal): Promise<PluginSession> {
    return new PluginSession(settings, await startLife(settings, signal));
  }

  /** The plugin's name in messages. */
  get name(): string {
    return this.#settings.plugin;
  }

  /** The value of STEP_PROTOCOL_SESSION in the environment of all that this session starts. */
  get id(): string {
    return this.#settings.sessionId;
  }

  /** The id of the process of the moment, while one is alive. */
  get pid(): number | undefined {
    return this.#life.connection.isAlive ? this.#life.connection.pid : undefined;
  }

  /** Who the plugin is and what it can do. */
  get info(): InitializeResult {
    return this.#life.described.info;
  }

  /** The steps that the plugin offers, as it describes them. */
  get steps(): readonly StepDescription[] {
    return this.#life.described.description.steps;
  }

  /** What the plugin offers; asks it anew when its process has been lost. */
  async describe(): Promise<DescribeResult> {
    const release = await this.#turns.take();
    try {
      return (await this.#alive('describe')).described.description;
    } finally {
      release();
    }
  }

  /**
   * One step of the plugin, to be registered like any other.
   *
   * @throws PluginError of the kind `unknown_step`, naming those that there are.
   */
  step(name: string): RemoteStep {
    const description = this.steps.find((step) => step.name === name);
    if (description === undefined) throw this.#unknownStep(name, this.steps);
    return new RemoteStep(this, description);
  }

  /** A number for the next snapshot of a context; grows over the whole session. */
  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** Makes a call when its turn has come; `onStart` hears of it before any answer. For {@link RemoteStep}. */
  async call<TMethod extends RequestMethod>(
    request: StepRequest<TMethod>,
    onStart?: (call: OngoingCall<unknown>) => void,
  ): Promise<RequestResult<TMethod>> {
    const signal = request.method === 'rollback' ? undefined : request.signal;
    const release = await this.#turns.take(signal);
    try {
      const { connection, described, peer } = await this.#alive(request.method);
      signal?.throwIfAborted(); // a restart takes long enough to change one's mind
      const { steps } = described.description;
      if (request.step !== undefined && !steps.some((step) => step.name === request.step)) {
        throw this.#unknownStep(request.step, steps);
      }
      const { params } = request;
      const call = connection.call({ ...request, params: typeof params === 'function' ? params(peer) : params });
      onStart?.(call);
      return await call.result;
    } finally {
      release();
    }
  }

  /** Ends the plugin: asked first, made to after two seconds. A call that is under way fails. */
  async close(): Promise<void> {
    this.#closing ??= this.#endLives();
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #endLives(): Promise<void> {
    const ending = this.#life.connection.close();
    this.#stopStarting.abort(this.#closedError());
    const started = await this.#starting?.catch(() => undefined); // its caller hears why it failed
    await Promise.all([ending, started?.connection.close()]);
  }

  async #alive(method: RequestMethod): Promise<Life> {
    if (this.#closing !== undefined) throw this.#closedError();
    const { connection } = this.#life;
    if (connection.isAlive) return this.#life;
    await connection.lost; // its process must be gone before another one begins
    if (this.#closing !== undefined) throw this.#closedError();
    if (!this.#restarts[method === 'rollback' ? 'rollback' : 'forwards'].take()) throw this.#budgetError();
    this.#starting = startLife(this.#settings, this.#stopStarting.signal);
    try {
      this.#life = await this.#starting;
    } catch (error) {
      throw this.#closing === undefined ? error : this.#closedError();
    } finally {
      this.#starting = undefined;
    }
    if (this.#closing !== undefined) throw this.#closedError();
    return this.#life;
  }

  #unknownStep(name: string, steps: readonly StepDescription[]): PluginError {
    const known = steps.map((step) => `'${step.name}'`).join(', ');
    return new PluginError({
      kind: 'unknown_step',
      plugin: this.name,
      step: name,
      message: `Plugin '${this.name}' has no step '${name}'. It offers ${known === '' ? 'none' : known}.`,
      details: { known: steps.map((step) => step.name) },
    });
  }

  #closedError(): PluginError {
    return new PluginError({
      kind: 'session_closed',
      plugin: this.name,
      message: `The session with plugin '${this.name}' was closed. Connect again to call it.`,
    });
  }

  #budgetError(): PluginError {
    const { maxRestarts, restartWindowMs } = this.#settings.limits;
    return new PluginError({
      kind: 'restart_budget_exhausted',
      plugin: this.name,
      message: `Plugin '${this.name}' died ${maxRestarts + 1} times within ${restartWindowMs / 1000} s and is not started again. Look for the cause in its earlier errors.`,
    });
  }
}

async function startLife(settings: ConnectionSettings, signal?: AbortSignal): Promise<Life> {
  signal?.throwIfAborted();
  const connection = await PluginConnection.start(settings);
  const described = await handshake(connection, settings, signal);
  return { connection, described, peer: { capabilities: described.info.capabilities, held: new HeldContext() } };
}
