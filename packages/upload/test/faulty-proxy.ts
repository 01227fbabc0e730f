import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { Faults, type Fault } from '../../../test-fixtures/backend/fault.js';

export interface FaultyProxy {
  readonly url: string;
  /** `POST /data_units/ 201`, or `… 503 (in between)` where a fault struck, in the order of the answers. */
  readonly log: readonly string[];
  readonly faults: Faults;
  /** Is told of each request before it goes on. */
  onRequest: ((request: { readonly method: string; readonly path: string }) => void | Promise<void>) | undefined;
  /** Is told when a request has gone out to the backend, whose answer is waited for meanwhile. */
  afterSend: (() => Promise<void>) | undefined;
  [Symbol.asyncDispose](): Promise<void>;
}

interface Proxied {
  readonly target: () => string;
  readonly own: () => string;
}

/** Stands before a backend, and fails as it is told; addresses in answers lead through it as well. */
export async function startFaultyProxy(target: () => string, given: readonly Fault[]): Promise<FaultyProxy> {
  const faults = new Faults();
  faults.add(...given);
  const log: string[] = [];
  let url = '';
  const own = (): string => url;
  // oxlint-disable-next-line complexity -- one request, from its head to its answer
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url: asked = '' } = request;
    const path = decodeURIComponent(asked.split('?')[0] ?? '');
    const fault = faults.strike(method, path);
    if (fault?.early === true) return void request.socket.destroy();
    const body = await buffer(request);
    await proxy.onRequest?.({ method, path });
    const isDone = fault === undefined || fault.after === true;
    const forwarded = isDone ? forward(request, body, { target, own }) : undefined;
    const [ended] = await Promise.allSettled([forwarded, proxy.afterSend?.()]);
    if (ended.status === 'rejected') throw ended.reason;
    const answer = ended.value;
    log.push(`${method} ${path} ${fault ? `${fault.status ?? 0} (in between)` : answer?.status}`);
    if (fault) return fail(fault, response, answer);
    response.writeHead(answer?.status ?? 502, answer?.headers).end(answer?.body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch(() => request.socket.destroy()); // the backend, or the client, is away
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const proxy: FaultyProxy = {
    url,
    log,
    faults,
    onRequest: undefined,
    afterSend: undefined,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
  return proxy;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

async function forward(request: IncomingMessage, body: Buffer, { target, own }: Proxied): Promise<Answer> {
  const { host } = new URL(target());
  const headers = { ...request.headers, host, 'content-length': String(body.length) };
  delete (headers as Record<string, unknown>)['transfer-encoding'];
  const got = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = send(target() + (request.url ?? ''), { method: request.method, headers }, resolve);
    sent.on('error', reject).end(body);
  });
  const bytes = await buffer(got);
  const isJson = got.headers['content-type']?.includes('json') === true;
  const told = isJson ? Buffer.from(bytes.toString().replaceAll(target(), own())) : bytes;
  const kept = Object.entries(got.headers).filter(([name]) => !['transfer-encoding', 'content-length'].includes(name));
  return {
    status: got.statusCode ?? 0,
    headers: {
      ...Object.fromEntries(kept.map(([name, value]) => [name, String(value)])),
      ...(got.statusCode !== 204 && { 'content-length': String(told.length) }),
    },
    body: told,
  };
}

function fail(fault: Fault, response: ServerResponse, answer: Answer | undefined): void {
  const { status = 0, html, xml, body = { detail: 'injected' }, headers = {} } = fault;
  if (fault.truncated === true && answer) {
    response.writeHead(answer.status, answer.headers);
    return void response.write(answer.body.subarray(0, answer.body.length / 2), () => response.destroy());
  }
  if (status === 0) return void response.destroy();
  const type = html !== undefined ? 'text/html' : xml !== undefined ? 'application/xml' : 'application/json';
  response.writeHead(status, { 'content-type': type, ...headers }).end(html ?? xml ?? JSON.stringify(body));
}
