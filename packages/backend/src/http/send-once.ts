import { Readable } from 'node:stream';

import { OutgoingStream } from './outgoing-stream.js';
import { Patience } from './patience.js';
import type { RequestBody } from './request-body.js';
import { sendBody, type ArrivingAnswer } from './send-body.js';

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Only for requests without a body, and goes over `fetch`, which has a limit of its own for connecting. Default: not. */
  readonly followRedirects?: boolean | undefined;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body; to be read once, inside of `take`. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** There is no answer, or only the beginning of one. */
export class LostAnswerError extends Error {
  override readonly name = 'LostAnswerError';
  /** False when the server cannot have seen the request. */
  readonly sent: boolean;

  constructor(sent: boolean, cause: unknown) {
    super(reasonOf(cause), { cause: innermost(cause) });
    this.sent = sent;
  }
}

/** What happens before there is a connection. */
const NEVER_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Sends a request, once, and hands its answer to `take`, under one watch for aborts and silence.
 *
 * @throws LostAnswerError when no complete answer came; the signal's reason when it was aborted; what reading the
 * request's own body throws; what `take` throws of itself.
 */
export async function sendOnce<T>(request: WireRequest, take: (answer: WireAnswer) => Promise<T>): Promise<T> {
  request.signal?.throwIfAborted();
  const patience = new Patience(request.signal);
  const outgoing = request.followRedirects === true ? undefined : outgoingOf(request, patience);
  if (outgoing) patience.allow(request.connectTimeoutMs, 'no connection came about');
  else patience.allow(request.readTimeoutMs, NO_ANSWER);
  const sending: Sending = { request, outgoing, patience, isComplete: false };
  try {
    const arriving = await begin(sending).catch((error: unknown) => {
      throw explain(error, sending);
    });
    const { status, headers } = arriving;
    return await take({ status, headers, chunks: watched(arriving, sending) });
  } finally {
    if (!sending.isComplete) patience.stop();
    patience.end();
    await outgoing?.close();
  }
}

interface Sending {
  readonly request: WireRequest;
  /** Undefined where `fetch` sends. */
  readonly outgoing: OutgoingStream | undefined;
  readonly patience: Patience;
  /** All has been sent and all has been read: nothing is left that would have to be stopped. */
  isComplete: boolean;
}

const NO_ANSWER = 'no answer came';

/** A request without a body has an empty one; what is empty is never read. */
function outgoingOf({ body, readTimeoutMs }: WireRequest, patience: Patience): OutgoingStream {
  if (body && body.length > 0)
    return new OutgoingStream(body, () => patience.allow(readTimeoutMs, `no byte could be sent and ${NO_ANSWER}`));
  const empty = { contentType: undefined, length: 0, read: () => Readable.from([]) };
  return new OutgoingStream(empty, () => patience.allow(readTimeoutMs, NO_ANSWER));
}

/** Over `node:http`, which takes half the processor time of `fetch`, and tells when there is a connection. */
async function begin({ request, outgoing, patience }: Sending): Promise<ArrivingAnswer> {
  const { method, url, body } = request;
  const length = body && { 'Content-Length': String(body.length) };
  const type = body?.contentType === undefined ? undefined : { 'Content-Type': body.contentType };
  const headers = { ...request.headers, ...length, ...type };
  const { signal } = patience;
  if (outgoing) return await sendBody(outgoing, { method, url, headers, signal });
  const response = await fetch(url, { method, headers, signal });
  const reader: ReadableStreamDefaultReader<Uint8Array> | undefined = response.body?.getReader();
  return {
    status: response.status,
    headers: response.headers,
    next: async () => (await reader?.read())?.value,
    cancel: async () => await reader?.cancel().catch(() => undefined), // what is left of an answer that nobody wants
  };
}

async function* watched(arriving: ArrivingAnswer, sending: Sending): AsyncGenerator<Uint8Array> {
  const { patience, request } = sending;
  try {
    while (true) {
      patience.allow(request.readTimeoutMs, 'the answer did not go on');
      const chunk = await arriving.next().catch((error: unknown) => {
        throw explain(error, sending);
      });
      if (chunk === undefined) {
        sending.isComplete = sending.outgoing?.finished ?? true;
        return;
      }
      patience.rest(); // whoever reads may take all the time there is
      yield chunk;
    }
  } finally {
    await arriving.cancel();
  }
}

/** The one place that tells why a request ended without an answer. */
function explain(error: unknown, { request, outgoing, patience }: Sending): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  if (outgoing?.failure) return outgoing.failure.error;
  const cause: unknown = patience.signal.aborted ? patience.signal.reason : error;
  const mayBeSeen = outgoing?.asked ?? true;
  return new LostAnswerError(mayBeSeen && !wasWhileConnecting(cause), cause);
}

/** A route may also be lost later (EHOSTUNREACH while reading): then the request may have been seen. */
function wasWhileConnecting(cause: unknown): boolean {
  const inner = innermost(cause);
  if (inner instanceof AggregateError) return true; // each address of a name was tried
  const isConnecting = inner instanceof Error && 'syscall' in inner && inner.syscall === 'connect';
  return isConnecting || NEVER_CONNECTED.has(codeOf(cause) ?? '');
}

/** `fetch` says "fetch failed" and keeps the reason as the cause. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}

function codeOf(error: unknown): string | undefined {
  const inner = innermost(error);
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : undefined;
}

function reasonOf(error: unknown): string {
  const inner = innermost(error);
  // Two addresses of a name that both refused: an AggregateError with an empty message.
  const message = inner instanceof Error ? inner.message || String(codeOf(error) ?? inner.name) : String(inner);
  return message.trim();
}
