import { createRequire } from 'node:module';
import { dirname, isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { leavesCleanScene } from './clean-scene.js';
import {
  connectPlugin,
  type ConnectPluginOptions,
  PluginSession,
  type PluginTarget,
  type SessionLogEntry,
} from '../src/index.js';
import { connectionSettings } from '../src/connect-plugin.js';
import type { Clock } from '../src/session/workers/clock.js';
import { pythonRuntimeFolder } from '../src/python/runtime-folder.js';
import { fixturePath } from './fixture-path.js';
import { processesOfSession, until } from './processes.js';

export { fixturePath };

/** A plugin in Node, served from the sources of this package; see served-faults.ts. */
export const SERVED_FAULTS = fileURLToPath(new URL('served-faults.ts', import.meta.url));

/** What Node needs to run a program from the sources of this package. */
export const TYPESCRIPT = [
  '--conditions=@synapse-steps/source',
  '--import',
  createRequire(import.meta.url).resolve('tsx'),
];

/** How a test waits where a user would wait for seconds. */
export const SHORT_LIMITS = {
  cancelGraceMs: 150,
  terminateMs: 150,
  killMs: 2000,
  shutdownMs: 1000,
  restartDelayMs: 1,
  longestRestartDelayMs: 5,
};

/** How a test opens a session. */
export interface FixtureOptions extends ConnectPluginOptions {
  /** Another time than that of the system, for what a pool does after a while. */
  readonly clock?: Clock;
}

/** A session with a plugin of test-fixtures/plugins; when the test ends it is closed, and nothing of it may be left. */
export async function openFixture(file: string, options: FixtureOptions = {}) {
  return await openTarget(targetOf(file), { name: file, ...options });
}

/** The same with a Python file that is a program of its own and serves by itself, or does not. */
export async function openPythonProgram(file: string, options: ConnectPluginOptions = {}) {
  const env = { PYTHONPATH: dirname(pythonRuntimeFolder()) };
  return await openTarget({ command: ['python3', fixturePath(file)] }, { name: file, env, ...options });
}

async function openTarget(target: PluginTarget, { clock, ...options }: FixtureOptions) {
  leavesCleanScene();
  const log: SessionLogEntry[] = [];
  const more = {
    onLog: (entry: SessionLogEntry) => void log.push(entry),
    ...options,
    limits: { ...SHORT_LIMITS, ...options.limits },
  };
  const session = clock === undefined ? await connectPlugin(target, more) : await openAt(clock, target, more);
  onTestFinished(() => closeAndCheck(session));
  return { session, log };
}

async function openAt(clock: Clock, target: PluginTarget, options: ConnectPluginOptions): Promise<PluginSession> {
  return await PluginSession.open({ ...(await connectionSettings(target, options)), clock });
}

/** The error with which connecting to a fixture fails. */
export async function connectError(file: string, options: ConnectPluginOptions = {}): Promise<unknown> {
  return await errorOf(openFixture(file, options));
}

/** What a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: unknown) => error,
  );
}

async function closeAndCheck(session: PluginSession): Promise<void> {
  await session.close();
  await until(() => processesOfSession(session.id).length === 0, { what: 'no process of the session is left' });
}

function targetOf(file: string) {
  const path = isAbsolute(file) ? file : fixturePath(file);
  if (file.endsWith('.py')) return { python: path };
  if (file.endsWith('.ts')) return { command: [process.execPath, ...TYPESCRIPT, path] };
  return { command: file.endsWith('.mjs') ? [process.execPath, path] : [path] };
}
