import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { BackendState, type Fields, type GivenState, type Reply } from './backend-state.js';
import { Faults, type Fault } from './fault.js';
import { describeHead, readRequest, type RecordedRequest } from './read-request.js';
import { answerTo } from './routes.js';

export interface FakeBackendOptions {
  /** `given.backend` of a vector. */
  readonly state?: GivenState;
  /** `given.faults` of a vector. */
  readonly faults?: readonly Fault[];
  /** Default: any free one. */
  readonly port?: number;
}

/** A backend in memory, on loopback. `await using backend = await FakeBackend.start(…)`. */
export class FakeBackend {
  readonly requests: RecordedRequest[] = [];
  /** The headers of each request, in the same order. */
  readonly headers: IncomingMessage['headers'][] = [];
  readonly faults = new Faults();
  /** How many connections were opened. */
  connections = 0;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  #state = new BackendState({}, '');
  #url = '';

  static async start({ state = {}, faults = [], port = 0 }: FakeBackendOptions = {}): Promise<FakeBackend> {
    const backend = new FakeBackend();
    backend.faults.add(...faults);
    backend.#server.on('connection', () => (backend.connections += 1));
    await new Promise<void>((resolve, reject) => {
      backend.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    backend.#url = `http://127.0.0.1:${(backend.#server.address() as AddressInfo).port}`;
    backend.#state = new BackendState(state, backend.#url);
    return backend;
  }

  get url(): string {
    return this.#url;
  }

  get state(): BackendState {
    return this.#state;
  }

  /** `expect.backend_after` of a vector: what is there, kinds without anything left out. */
  left(): Fields {
    const { data_files, data_units, models, objects } = this.#state.created;
    const all = { data_files, data_units: data_units.map(({ id }) => id), models, objects: objects.map(({ key }) => key) };
    return Object.fromEntries(Object.entries(all).filter(([, items]) => items.length > 0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => response.destroy()); // the client is gone; there is nobody to tell
    const head = describeHead(request);
    const fault = this.faults.strike(head.method, head.path);
    this.headers.push(request.headers);
    if (fault?.early) {
      this.requests.push({ ...head, status: 0 });
      return void request.socket.destroy();
    }
    const read = await readRequest(request, head).catch(() => undefined); // cut off by the client: never arrived
    if (!read) return;
    const reply = fault && !fault.after ? undefined : answerTo(this.#state, read);
    const said = fault ? faulty(fault, reply) : (reply as Reply);
    this.requests.push({ ...read, status: said.status });
    if (fault?.silent) return;
    if (said.status === 0) return void request.socket.destroy();
    send(response, said, fault?.truncated ?? false);
  }
}

function faulty(fault: Fault, reply: Reply | undefined): Reply {
  if (fault.truncated && reply) return reply;
  const { status = 0, headers = {} } = fault;
  if (fault.xml !== undefined) return { status, value: Buffer.from(fault.xml), headers: { 'Content-Type': 'application/xml', ...headers } };
  if (fault.html !== undefined) return { status, value: Buffer.from(fault.html), headers: { 'Content-Type': 'text/html', ...headers } };
  return { status, value: fault.body ?? { detail: 'injected' }, headers };
}

function send(response: ServerResponse, { status, value, headers }: Reply, truncated: boolean): void {
  const payload = value instanceof Uint8Array ? value : Buffer.from(JSON.stringify(value));
  const length = status === 204 ? {} : { 'Content-Length': payload.length };
  response.writeHead(status, { 'Content-Type': 'application/json', ...length, ...headers });
  if (!truncated) return void response.end(payload);
  response.write(payload.subarray(0, Math.floor(payload.length / 2)), () => response.destroy());
}
