import { resolve } from 'node:path';
import { seedLocalBackend, startLocalBackend, type LocalBackend } from '@synapse-steps/backend-local';
import { EXIT } from '../exit-codes.js';
import { Output } from '../output/output.js';
import { printableLines } from '../output/printable-text.js';
import { DEFAULT_BACKEND_DIR } from '../run/lend-backend.js';
import { UsageError } from '../usage-error.js';

export interface BackendCommandOptions {
  readonly dir?: string;
  readonly port?: string;
  readonly withToken?: boolean;
  readonly json?: boolean;
}

export interface BackendSeedCommandOptions {
  readonly dir?: string;
  readonly json?: boolean;
}

const DEFAULT_PORT = '8520';

/** `synapse-steps backend`: serves until a signal comes, then ends what is under way and gives the folder free. */
export async function backendCommand(options: BackendCommandOptions): Promise<number> {
  const output = new Output();
  const port = readPort(options.port ?? DEFAULT_PORT);
  const token = options.withToken ? requireToken() : undefined;
  const stop = nextSignal();
  const backend = await startLocalBackend({
    dir: resolve(options.dir ?? DEFAULT_BACKEND_DIR),
    port,
    ...(token !== undefined && { token }),
    onFailure: (error) => output.problem(String(error)),
  });
  for (const line of announcement(backend, options)) output.line(line);
  await stop;
  await backend.close();
  if (!options.json) output.line('The embedded backend has ended.');
  return EXIT.succeeded;
}

/** `synapse-steps backend seed`: makes what a YAML file names. */
export async function backendSeedCommand(file: string, options: BackendSeedCommandOptions): Promise<number> {
  const output = new Output();
  const dir = resolve(options.dir ?? DEFAULT_BACKEND_DIR);
  const seeded = await seedLocalBackend({ dir, file });
  if (options.json) output.line(JSON.stringify({ dir, seeded }));
  else {
    const lines = seeded.map(({ kind, id, name, created }) => `${created ? 'made' : 'kept'}  ${kind} ${id}  ${name}`);
    for (const line of lines.flatMap(printableLines)) output.line(line);
  }
  return EXIT.succeeded;
}

function announcement({ url, dir }: LocalBackend, { json, withToken }: BackendCommandOptions): string[] {
  if (json) return [JSON.stringify({ url, dir, pid: process.pid, accounts: withToken ? 'token' : 'off' })];
  const account = withToken ? 'Clients need the token.' : 'Accounts are off: every program of this machine may use it.';
  return [
    ...printableLines(`The embedded backend answers at ${url}, over ${dir}.`),
    `${account} For the Python SDK and for us: export SYNAPSE_HOST=${url}`,
    'Ctrl-C ends it.',
  ];
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port < 2 ** 16) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, such as ${DEFAULT_PORT}, not '${text}'.`);
}

/** A secret is never in the arguments, which everybody on the machine can read. */
function requireToken(): string {
  const token = process.env['SYNAPSE_ACCESS_TOKEN'] ?? '';
  if (token !== '') return token;
  throw new UsageError(
    '--with-token takes the token from the environment: set SYNAPSE_ACCESS_TOKEN, or leave --with-token out.',
  );
}

/** The first of them ends the backend in good order, a second one ends the process: nothing is lost by that. */
async function nextSignal(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  await new Promise<void>((resolveSignal) => {
    const end = (): void => {
      for (const signal of signals) process.off(signal, end);
      resolveSignal();
    };
    for (const signal of signals) process.on(signal, end);
  });
}
