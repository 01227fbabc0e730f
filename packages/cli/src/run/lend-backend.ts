import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { BackendClient } from '@synapse-steps/backend';
import { errorMessage } from '@synapse-steps/core';
import { UsageError } from '../usage-error.js';

export interface LendBackendOptions {
  /** `--backend`: `local` starts the embedded one in this process; otherwise the environment says which. */
  readonly backend?: string;
  /** `--backend-dir`: the folder of the embedded one. */
  readonly backendDir?: string;
  /** Is told why a backend that is configured cannot be used; a run that needs none goes on. */
  readonly onProblem: (text: string) => void;
}

/** The backend that a run may use. */
export interface LentBackend extends AsyncDisposable {
  /** Undefined where none is configured: what needs one says so itself. */
  readonly client: BackendClient | undefined;
}

export const DEFAULT_BACKEND_DIR = '.synapse-steps/backend';

/** Makes the client of a run. It is loaded only where one is configured, so that others pay nothing. @throws UsageError */
export async function lendBackend(options: LendBackendOptions): Promise<LentBackend> {
  const { backend, backendDir } = options;
  if (backend === 'local') return await localBackend(resolve(backendDir ?? DEFAULT_BACKEND_DIR));
  if (backend !== undefined) {
    throw new UsageError(
      `--backend '${backend}' is not possible. Write --backend local for the embedded one; for another, set SYNAPSE_HOST and SYNAPSE_ACCESS_TOKEN.`,
    );
  }
  if (backendDir !== undefined)
    throw new UsageError('--backend-dir is for --backend local. Add that, or leave it out.');
  return {
    client: isConfigured() ? await configuredClient(options.onProblem) : undefined,
    [Symbol.asyncDispose]: nothing,
  };
}

async function localBackend(dir: string): Promise<LentBackend> {
  const [{ startLocalBackend }, { BackendClient }] = await Promise.all([
    import('@synapse-steps/backend-local'),
    import('@synapse-steps/backend'),
  ]);
  const { randomUUID } = await import('node:crypto');
  const token = randomUUID(); // the run's own: no other program of this machine takes part
  const local = await startLocalBackend({ dir, token });
  return { client: new BackendClient({ host: local.url, token }), [Symbol.asyncDispose]: () => local.close() };
}

const VARIABLES = ['SYNAPSE_HOST', 'SYNAPSE_ACCESS_TOKEN', 'SYNAPSE_PLUGIN_RUN_USER_TOKEN'];

function isConfigured(): boolean {
  return VARIABLES.some((name) => process.env[name]) || existsSync(join(homedir(), '.synapse', 'config.json'));
}

async function configuredClient(onProblem: (text: string) => void): Promise<BackendClient | undefined> {
  const { BackendClient, BackendError, loadCredentials } = await import('@synapse-steps/backend');
  try {
    const { host, token, userToken } = loadCredentials();
    // An embedded backend without accounts has an address and no token.
    if (host !== undefined && !token && !userToken) return new BackendClient({ host });
    return BackendClient.fromEnvironment();
  } catch (error) {
    if (!BackendError.is(error)) throw error;
    onProblem(`No backend can be used: ${errorMessage(error)}`);
    return undefined;
  }
}

async function nothing(): Promise<void> {}
