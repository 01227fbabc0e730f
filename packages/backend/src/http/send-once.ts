import { OutgoingStream } from './outgoing-stream.js';
import { Patience } from './patience.js';
import type { RequestBody } from './request-body.js';

export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody | undefined;
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Only for requests without a body. Default: not. */
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
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Sends a request, once, and hands its answer to `take`, under one watch for aborts and silence.
 *
 * @throws LostAnswerError when no complete answer came; the signal's reason when it was aborted; what reading the
 * request's own body throws; what `take` throws of itself.
 */
export async function sendOnce<T>(request: WireRequest, take: (answer: WireAnswer) => Promise<T>): Promise<T> {
  request.signal?.throwIfAborted();
  const patience = new Patience(request.signal);
  const onChunk = (): void => patience.allow(request.readTimeoutMs, 'no byte could be sent and no answer came');
  const outgoing = request.body && request.body.length > 0 ? new OutgoingStream(request.body, onChunk) : undefined;
  if (outgoing) patience.allow(request.connectTimeoutMs, 'no connection came about');
  else patience.allow(request.readTimeoutMs, 'no answer came');
  try {
    const response = await fetch(request.url, fetchOptions(request, { outgoing, patience })).catch((error: unknown) => {
      throw explain(error, { request, outgoing, patience });
    });
    return await take({
      status: response.status,
      headers: response.headers,
      chunks: watched(response, { request, outgoing, patience }),
    });
  } finally {
    patience.stop();
    patience.end();
    await outgoing?.close();
  }
}

interface Sending {
  readonly request: WireRequest;
  readonly outgoing: OutgoingStream | undefined;
  readonly patience: Patience;
}

function fetchOptions({ method, headers, body, followRedirects }: WireRequest, sending: Omit<Sending, 'request'>) {
  const length = body && { 'Content-Length': String(body.length) };
  const type = body?.contentType === undefined ? undefined : { 'Content-Type': body.contentType };
  const common = { method, headers: { ...headers, ...length, ...type }, signal: sending.patience.signal };
  if (!body) return { ...common, redirect: followRedirects === true ? ('follow' as const) : ('manual' as const) };
  // `error` rather than `manual`: fetch otherwise keeps a second copy of the body, and asks for its beginning too early.
  const redirect = 'error' as const;
  if (!sending.outgoing) return { ...common, body: new Uint8Array(0), redirect };
  return { ...common, body: sending.outgoing.stream, duplex: 'half' as const, redirect };
}

async function* watched(response: Response, sending: Sending): AsyncGenerator<Uint8Array> {
  const { patience, request } = sending;
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    while (true) {
      patience.allow(request.readTimeoutMs, 'the answer did not go on');
      const next = await reader.read().catch((error: unknown) => {
        throw explain(error, sending);
      });
      if (next.done) return;
      patience.rest(); // whoever reads may take all the time there is
      yield next.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // what is left of an answer that nobody wants
  }
}

/** The one place that tells why a request ended without an answer. */
function explain(error: unknown, { request, outgoing, patience }: Sending): unknown {
  if (request.signal?.aborted) return request.signal.reason;
  if (outgoing?.failure) return outgoing.failure.error;
  const cause: unknown = patience.signal.aborted ? patience.signal.reason : error;
  const mayBeSeen = outgoing?.asked ?? true;
  return new LostAnswerError(mayBeSeen && !NEVER_CONNECTED.has(codeOf(cause) ?? ''), cause);
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
