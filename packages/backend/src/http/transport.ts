import { authHeaders } from '../api/auth-headers.js';
import { BackendError } from '../errors/backend-error.js';
import { addressOf, checkHost, type Query } from './address.js';
import type { z } from 'zod';
import { failureOf, type CallFacts } from './failure-of.js';
import { pause } from './pause.js';
import { parseAnswer, readText } from './read-answer.js';
import { Redactor } from './redactor.js';
import type { RequestBody } from './request-body.js';
import { retryDelay, type RetryPolicy } from './retry-delay.js';
import { sendOnce } from './send-once.js';

/** What every call takes. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's own reason. */
  readonly signal?: AbortSignal | undefined;
}

export interface ApiCall<T> extends CallOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Relative to the host, such as `data_units/`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: RequestBody;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: z.ZodType<T>;
  /** Whether doing it twice is as good as once. Default: for all but POST. */
  readonly isRepeatable?: boolean;
  /** Whoever sends it looks what became of it before it is sent again, also after an answer that only says that it failed. */
  readonly isLookedUp?: boolean;
  /** Without an answer, or a byte, for so long it is given up. Default: the client's. */
  readonly readTimeoutMs?: number | undefined;
}

export interface TransportOptions {
  readonly host: string;
  readonly token?: string | undefined;
  readonly userToken?: string | undefined;
  readonly tenant?: string | undefined;
  readonly agentToken?: string | undefined;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly retry: RetryPolicy;
}

/** Sends calls to the backend: who asks, how long to wait, what to repeat, how an error reads. */
export class Transport {
  readonly host: string;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly retry: RetryPolicy;
  readonly redactor: Redactor;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(options: TransportOptions) {
    const { token, userToken, tenant, agentToken } = options;
    this.host = checkHost(options.host);
    this.connectTimeoutMs = options.connectTimeoutMs;
    this.readTimeoutMs = options.readTimeoutMs;
    this.retry = options.retry;
    this.redactor = new Redactor([token, userToken, agentToken]);
    this.#headers = identityHeaders({ token, userToken, tenant, agentToken });
  }

  /**
   * @throws BackendError `backend_outcome_unknown` when the call stores something, was sent, and its answer was lost;
   * others for everything else that goes wrong.
   */
  async call<T>(call: ApiCall<T>): Promise<T> {
    for (let retry = 0; ; retry += 1) {
      try {
        return await this.#callOnce(call);
      } catch (error) {
        if (retry >= this.retry.retries || !isTransient(error, call) || (call.isLookedUp && error.status !== undefined))
          throw error;
        await pause(error.retryAfterMs ?? retryDelay(this.retry, retry), call.signal);
      }
    }
  }

  async #callOnce<T>(call: ApiCall<T>): Promise<T> {
    const facts = factsOf(call);
    try {
      return await sendOnce(
        {
          method: call.method,
          url: addressOf(this.host, call.path, call.query),
          headers: { Accept: 'application/json', ...this.#headers, ...call.headers },
          body: call.body,
          connectTimeoutMs: this.connectTimeoutMs,
          readTimeoutMs: call.readTimeoutMs ?? this.readTimeoutMs,
          signal: call.signal,
        },
        async (answer) => {
          const text = await readText(answer);
          const { status, headers } = answer;
          if (status < 200 || status >= 300) throw failureOf.answer({ status, headers, text }, facts);
          return parseAnswer(text, call.answer, { status, what: `${facts.method} ${facts.path}` });
        },
      );
    } catch (error) {
      if (call.signal?.aborted && error === call.signal.reason) throw error;
      throw failureOf.call(error, facts, this.redactor);
    }
  }
}

/** What may be gone in a moment, and is safe to repeat. Too many requests (429) have only to wait. */
function isTransient(error: unknown, call: ApiCall<unknown>): error is BackendError {
  if (!BackendError.is(error)) return false;
  if (error.code === 'backend_unreachable' || error.code === 'backend_no_answer') return true;
  if (error.code === 'backend_refused') return error.status === 429 && factsOf(call).isRepeatable;
  return error.code === 'backend_failed' && [502, 503, 504].includes(error.status ?? 0);
}

function factsOf({ method, path, isRepeatable = method !== 'POST' }: ApiCall<unknown>): CallFacts {
  return { method, path, isRepeatable };
}

function identityHeaders(identity: Record<keyof typeof authHeaders, string | undefined>): Record<string, string> {
  const headers: Record<string, string> = { 'User-Agent': 'synapse-steps' };
  for (const [key, name] of Object.entries(authHeaders)) {
    const value = identity[key as keyof typeof authHeaders];
    if (value === undefined || value === '') continue;
    // Checked here, because fetch would refuse it with a message that quotes it.
    if (!/^[\x21-\x7e]+$/.test(value)) {
      throw new BackendError({
        code: 'backend_not_configured',
        message: `The value for ${name} contains a space, a line break or another character that no token has.`,
      });
    }
    headers[name] = `Token ${value}`;
  }
  return headers;
}
