import { SynapseStepsError, type JobClient, type JobLogLine, type JobUpdate } from '@synapse-steps/core';
import { ScriptedError } from './scripted-error.js';

type Verb = 'update_job' | 'create_logs';
export type ClientScript = { readonly [verb in Verb]?: readonly string[] | undefined };

/** Stands for the backend: notes each request, and fails when the case says so. It answers at once. */
export class ScriptedClient implements JobClient {
  readonly requests: { readonly [verb in Verb]?: unknown }[] = [];
  readonly #answers: Record<Verb, string[]>;

  constructor({ update_job = ['ok'], create_logs = ['ok'] }: ClientScript = {}) {
    this.#answers = { update_job: [...update_job], create_logs: [...create_logs] };
  }

  updateJob(_jobId: string, update: JobUpdate): void {
    this.#answer('update_job', update);
  }

  createLogs(lines: readonly JobLogLine[]): void {
    this.#answer('create_logs', lines);
  }

  #answer(verb: Verb, body: unknown): void {
    this.requests.push({ [verb]: structuredClone(body) });
    const answers = this.#answers[verb];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? 'ok';
    const [kind = '', text = ''] = answer.split(/:(.*)/s);
    if (kind === 'raise') throw new ScriptedError(['RuntimeError', text]);
    if (kind === 'incomplete') {
      throw new SynapseStepsError({ code: 'response_incomplete', message: text, outcomeUnknown: true });
    }
    if (answer !== 'ok') throw new Error(`Unknown answer of the client: '${answer}'.`);
  }
}
