import { errorMessage, type JobClient, type JobLogLine, type JobUpdate } from '@synapse-steps/core';

import type { BackendClient } from '../backend-client.js';
import { BackendError } from '../errors/backend-error.js';
import { inRequests, type FilledLine } from './line-content.js';

/** What a reporter needs of the backend. */
export type JobBackend = Pick<BackendClient, 'jobs' | 'logs'>;

/** What the backend did not want, of no use to repeat. */
const REFUSALS = new Set([400, 413, 422]);

/** Sends what a `JobLogger` has to say, and remembers what was in vain. */
export class BackendJobClient implements JobClient {
  /** Lines that the backend refused. */
  refused = 0;
  /** Lines of a batch that had to be parted, and then could not be sent. */
  lost = 0;
  /** Lines that went without their file. */
  withoutFile = 0;
  /** True while the newest progress and metrics have not arrived. */
  isUpdateMissing = false;
  lastError: string | undefined;
  readonly #backend: JobBackend;
  readonly #stop = new AbortController();
  #onTaken: () => void = () => undefined;

  constructor(backend: JobBackend) {
    this.#backend = backend;
  }

  /** From now on ends everything once the backend has taken nothing for `ms`. @returns what lets go of that */
  stopWhenSilent(ms: number, reason: Error): () => void {
    const watch = setTimeout(() => this.#stop.abort(reason), ms);
    this.#onTaken = () => void watch.refresh();
    return () => {
      this.#onTaken = () => undefined;
      clearTimeout(watch);
    };
  }

  async updateJob(jobId: string, update: JobUpdate): Promise<void> {
    try {
      await this.#backend.jobs.update(jobId, update, { signal: this.#stop.signal });
      this.isUpdateMissing = false;
      this.#onTaken();
    } catch (error) {
      this.isUpdateMissing = true;
      throw this.#remember(error);
    }
  }

  async createLogs(lines: readonly JobLogLine[]): Promise<void> {
    try {
      let isFirst = true;
      for await (const request of inRequests(lines)) {
        await (isFirst ? this.#send(request) : this.#sendRest(request));
        isFirst = false;
      }
    } catch (error) {
      if (!isAboutLosses(lines)) throw error; // those lines are not ours to lose; this one only told of losses
    }
  }

  /** Rejects only while nothing of the lines was sent: then they may be sent again. */
  async #send(lines: readonly FilledLine[]): Promise<void> {
    try {
      await this.#backend.logs.create(
        lines.map(({ line }) => line),
        { signal: this.#stop.signal },
      );
      this.withoutFile += lines.filter(({ isWhole }) => !isWhole).length;
      this.#onTaken();
    } catch (error) {
      this.#remember(error);
      if (!isRefusal(error)) throw error;
      await this.#sendParted(lines);
    }
  }

  /** One line that the backend does not want must not keep the others from arriving. */
  async #sendParted(lines: readonly FilledLine[]): Promise<void> {
    if (lines.length === 1) {
      this.refused += 1;
      return;
    }
    const middle = Math.ceil(lines.length / 2);
    await this.#send(lines.slice(0, middle));
    await this.#sendRest(lines.slice(middle));
  }

  /** What fails is counted and remembered: sending all again would send what came before twice. */
  async #sendRest(lines: readonly FilledLine[]): Promise<void> {
    await this.#send(lines).catch(() => {
      this.lost += lines.length;
    });
  }

  #remember(error: unknown): unknown {
    this.lastError = errorMessage(error);
    return error;
  }
}

function isRefusal(error: unknown): boolean {
  return BackendError.is(error) && REFUSALS.has(error.status ?? 0);
}

function isAboutLosses(lines: readonly JobLogLine[]): boolean {
  return lines.length === 1 && lines[0]?.event === 'joblog_loss';
}
