import { errorMessage } from '@synapse-steps/core';
import { type ExchangeLease, leaseExchange } from '../exchange/host-exchange.js';
import { HeldContext } from '../context-sync/held-context.js';
import { RemoteStep } from '../remote-step.js';
import type { DescribeResult, StepDescription } from '../protocol/describe.js';
import type { InitializeResult } from '../protocol/initialize.js';
import type { RequestMethod, RequestResult } from '../protocol/methods.js';
import { checkGranted } from './check-granted.js';
import type { ConnectionSettings } from './connection-settings.js';
import { handshake, type PluginDescription } from './handshake.js';
import type { OngoingCall } from './pending-request.js';
import { PluginConnection } from './plugin-connection.js';
import { PluginError } from './plugin-error.js';
import type { StepCaller, StepRequest } from './step-caller.js';
import { closedError } from './workers/pool-error.js';
import type { Life } from './workers/worker.js';
import { WorkerPool } from './workers/worker-pool.js';

/**
 * A plugin as the host sees it: always there. Its processes are a cache; each call carries all that it needs, so one that
 * died, or was idle for long, is started again for the next call. Calls that find no process free wait for their turn.
 */
export class PluginSession implements StepCaller, AsyncDisposable {
  readonly #settings: ConnectionSettings;
  readonly #pool: WorkerPool;
  #described: PluginDescription;
  #revision = 0;
  #closing: Promise<void> | undefined;

  private constructor(settings: ConnectionSettings, life: Life) {
    this.#settings = settings;
    this.#described = life.described;
    this.#pool = new WorkerPool({ settings, start: async (signal) => await this.#start(signal) });
    this.#pool.add(life);
  }

  /**
   * Starts the plugin and asks what it offers.
   *
   * @throws PluginError when it cannot be started or is no plugin; nothing is left running then.
   */
  static async open(settings: ConnectionSettings, signal?: AbortSignal): Promise<PluginSession> {
    const withFolder = { ...settings, exchange: exchangeOf(settings) };
    try {
      return new PluginSession(withFolder, await startLife(withFolder, signal));
    } catch (error) {
      withFolder.exchange?.release();
      throw error;
    }
  }

  /** The plugin's name in messages. */
  get name(): string {
    return this.#settings.plugin;
  }

  /** The value of STEP_PROTOCOL_SESSION in the environment of all that this session starts. */
  get id(): string {
    return this.#settings.sessionId;
  }

  /** The id of a process of the moment, while one is alive. */
  get pid(): number | undefined {
    return this.pids[0];
  }

  /** The ids of the processes of the moment. */
  get pids(): readonly number[] {
    return this.#pool.lives.map(({ connection }) => connection.pid);
  }

  /** Who the plugin is and what it can do. */
  get info(): InitializeResult {
    return this.#described.info;
  }

  /** The steps that the plugin offers, as it describes them. */
  get steps(): readonly StepDescription[] {
    return this.#described.description.steps;
  }

  /** What the plugin offers; asks it anew when its process has been lost. */
  async describe(): Promise<DescribeResult> {
    const worker = await this.#pool.lease({ isPrivate: false, undoOf: undefined, counts: false });
    this.#pool.release(worker);
    return worker.life.described.description;
  }

  /**
   * One step of the plugin, to be registered like any other.
   *
   * @throws PluginError of the kind `unknown_step`, naming those that there are, or `precondition_failed`, naming the
   * variables that the step needs and the plugin is not given.
   */
  step(name: string): RemoteStep {
    const description = this.steps.find((step) => step.name === name);
    if (description === undefined) throw this.#unknownStep(name, this.steps);
    checkGranted(description, this.#settings);
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
    const { method, step, signal } = request; // that of an undo tells that its own time is over, and of no cancel
    const undoOf = method === 'rollback' ? (step ?? '') : undefined;
    const lease = this.#pool.lease({ isPrivate: this.#isPrivate(request), undoOf, counts: true }, signal);
    const worker = lease instanceof Promise ? await lease : lease; // mostly one is free
    try {
      if (this.#closing !== undefined) throw closedError(this.name);
      signal?.throwIfAborted(); // a restart takes long enough to change one's mind
      const { connection, described, peer } = worker.life;
      const { steps } = described.description;
      if (step !== undefined && !steps.some(({ name }) => name === step)) throw this.#unknownStep(step, steps);
      const { params } = request;
      const call = connection.call(request, typeof params === 'function' ? params(peer) : params);
      onStart?.(call);
      return await call.result;
    } finally {
      this.#pool.release(worker);
    }
  }

  /** Ends the plugin: asked first, made to after two seconds. A call that is under way fails. */
  async close(): Promise<void> {
    this.#closing ??= this.#pool.close().finally(() => this.#settings.exchange?.release());
    await this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #start(signal: AbortSignal): Promise<Life> {
    const life = await startLife(this.#settings, signal);
    this.#described = life.described;
    return life;
  }

  /** An exclusive step shares its process with nothing; the question whether to skip it changes nothing, and may. */
  #isPrivate({ method, step: name }: StepRequest): boolean {
    return method !== 'can_skip' && this.steps.find((step) => step.name === name)?.exclusive === true;
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
}

/** Without a folder everything travels in frames, as it does for plugins that take no files. */
function exchangeOf({ sessionId, plugin, log, limits }: ConnectionSettings): ExchangeLease | undefined {
  if (limits.maxFileBytes === 0) return undefined;
  try {
    return leaseExchange(sessionId);
  } catch (error) {
    const message = `There is no exchange folder, and large values travel in messages: ${errorMessage(error)}`;
    log({ plugin, level: 'warning', message });
    return undefined;
  }
}

async function startLife(settings: ConnectionSettings, signal?: AbortSignal): Promise<Life> {
  signal?.throwIfAborted();
  const connection = await PluginConnection.start(settings);
  const described = await handshake(connection, settings, signal);
  const { capabilities } = described.info;
  return { connection, described, peer: { capabilities, held: new HeldContext(), isBusy: () => connection.isBusy } };
}
