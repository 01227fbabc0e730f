import { type ManagedProcess, type ProcessExit, terminateProcess } from '../process/index.js';
import type { ConnectionSettings } from './connection-settings.js';
import type { Fate } from './fate.js';
import type { KeepAwake } from './keep-awake.js';
import { type Doom, handshakeError, type Loss, type LostCall, lossError } from './loss-error.js';
import { startPatientTimer } from './patient-timer.js';
import type { PendingRequest } from './pending-request.js';
import type { PluginOutput } from './plugin-output.js';
import type { RequestTable } from './request-table.js';

/** What a watch looks at. */
export interface LossWatchOptions {
  readonly settings: ConnectionSettings;
  readonly process: ManagedProcess;
  readonly fate: Fate;
  readonly requests: RequestTable;
  readonly output: PluginOutput;
  readonly awake: KeepAwake;
  /** Whether the handshake is over. */
  readonly isReady: () => boolean;
  /** Releases what belongs to the living process only. */
  readonly onLost: () => void;
}

/**
 * Sees one process to its end, whoever brings it about, and only then fails the requests that are open: no undo may
 * begin while its step may still be at work.
 */
export class LossWatch {
  /** Settles when the process is gone, or had to be left behind. */
  readonly lost: Promise<void>;
  readonly #options: LossWatchOptions;
  #tellLost: () => void = () => undefined;
  #isLost = false;
  #isExpected = false;
  #mayExit = false;

  constructor(options: LossWatchOptions) {
    this.#options = options;
    this.lost = new Promise((resolve) => {
      this.#tellLost = resolve;
    });
    void this.#watchExit();
    void this.#watchStdout();
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /** From now on its end is no news, and closing its pipes no offence: it was asked to finish. */
  expectEnd(): void {
    this.#isExpected = true;
  }

  /** From now on it may end by itself when nothing is under way, with code 0. */
  expectExit(): void {
    this.#mayExit = true;
  }

  /** Ends the process because of `doom`, unless it ends by itself: a pipe that closes is mostly the first sign of that. */
  suspect(doom: Doom): void {
    const { process, fate } = this.#options;
    if (this.#isLost || process.exit !== undefined) return;
    const seal = (): void => (this.#isExpected ? undefined : fate.seal(doom));
    void process.exited.then(startPatientTimer(CLOSING_MS, seal));
  }

  /** Takes the process for lost although it is still there: it was killed, and stays. */
  abandon(): void {
    this.#settle(undefined);
  }

  async #watchStdout(): Promise<void> {
    await this.#options.process.stdoutEnded;
    this.suspect({
      kind: 'protocol_violation',
      text: 'closed its stdout, so that it could not answer any more, and was ended',
    });
  }

  async #watchExit(): Promise<void> {
    this.#options.fate.onSealed(() => void this.#terminate());
    this.#settle(await this.#options.process.closed);
  }

  async #terminate(): Promise<void> {
    const { process, awake, settings } = this.#options;
    const { terminateMs, killMs } = settings.limits;
    awake.wake();
    const outcome = await terminateProcess(process, { endOfInputMs: 0, terminateMs, killMs });
    if (outcome === 'abandoned') this.abandon();
  }

  #settle(exit: ProcessExit | undefined): void {
    if (this.#isLost) return;
    this.#isLost = true;
    const { process, requests, awake, output, onLost, isReady } = this.#options;
    onLost();
    awake.stop();
    if (exit === undefined) process.keepHostAlive(false);
    const loss = this.#lossOf(exit);
    this.#tellLost();
    const open = requests.openRequests();
    if (open.length === 0 && !this.#isNoNews(exit)) output.onIdleLoss(lossError(loss, NO_CALL).message);
    const calls = open.filter(({ request }) => request.step !== undefined).length;
    for (const pending of open) {
      pending.reject(isReady() ? lossError(loss, lostCall(pending, calls - 1)) : handshakeError(loss));
    }
  }

  #isNoNews(exit: ProcessExit | undefined): boolean {
    return this.#isExpected || (this.#mayExit && this.#options.fate.doom === undefined && exit?.code === 0);
  }

  #lossOf(exit: ProcessExit | undefined): Loss {
    const { settings, process, fate, output } = this.#options;
    return {
      plugin: settings.plugin,
      doom: fate.doom,
      exit,
      stderrTail: process.stderrTail.lines().map(settings.redact),
      firstStray: output.stray.first,
    };
  }
}

const CLOSING_MS = 200;
const NO_CALL: LostCall = { id: 0, method: 'none', step: undefined, others: 0 };

function lostCall({ id, request }: PendingRequest, others: number): LostCall {
  return { id, method: request.method, step: request.step, others };
}
