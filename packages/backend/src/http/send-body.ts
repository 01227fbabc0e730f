import { request as requestOverHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestOverHttps } from 'node:https';
import { TLSSocket } from 'node:tls';

import type { OutgoingStream } from './outgoing-stream.js';

/** An answer of which the body is still to come. */
export interface ArrivingAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The next chunk; undefined after the last. */
  readonly next: () => Promise<Uint8Array | undefined>;
  /** Lets go of what was not read. */
  readonly cancel: () => Promise<unknown>;
}

export interface SendBodyOptions {
  readonly method: string;
  readonly url: string;
  /** With a Content-Length, which must be right, if there is a body. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the exchange at any point, also while the answer is read. */
  readonly signal: AbortSignal;
}

/** Sends a request with its body, which may be empty, over connections that are kept for the next one, until an answer begins. Redirects are answers. */
export async function sendBody(body: OutgoingStream, options: SendBodyOptions): Promise<ArrivingAnswer> {
  const { method, url, headers, signal } = options;
  const open = url.startsWith('https:') ? requestOverHttps : requestOverHttp;
  const request = open(url, { method, headers });
  const stop = (): void => void request.destroy(new Error('the request was ended', { cause: signal.reason }));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true }); // the signal is this request's own, and goes with it
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject); // for good: one may follow the answer, which tells of it itself
    write(request, body).catch((error: unknown) => {
      request.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  return arriving(message);
}

/** The headers go with the first chunk, so nothing is sent before there is a connection. */
async function write(request: ClientRequest, body: OutgoingStream): Promise<void> {
  await connected(request);
  // It may end at any time: by its signal, an error, or an answer that came early. Nothing more is asked for then.
  while (!request.destroyed) {
    const chunk = await body.next();
    if (request.destroyed) return;
    if (chunk === undefined) return void request.end();
    if (!request.write(chunk)) await drainedOrClosed(request);
  }
}

function connected(request: ClientRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    request.once('socket', (socket) => {
      if (!socket.connecting) return resolve(); // it has served before
      socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => resolve());
    });
    request.once('close', () => reject(new Error('the connection was closed')));
  });
}

function drainedOrClosed(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('drain', done).off('close', done);
      resolve();
    };
    request.once('drain', done).once('close', done);
  });
}

function arriving(message: IncomingMessage): ArrivingAnswer {
  const headers = new Headers();
  const raw = message.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) headers.append(raw[index] ?? '', raw[index + 1] ?? '');
  const chunks = message[Symbol.asyncIterator]();
  return {
    status: message.statusCode ?? 0,
    headers,
    next: async () => {
      const next = await chunks.next();
      return next.done === true ? undefined : (next.value as Uint8Array);
    },
    cancel: async () => await chunks.return?.(),
  };
}
