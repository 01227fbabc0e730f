import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { leavesCleanScene } from './clean-scene.js';
import { connectPlugin, type ConnectPluginOptions, type PluginSession, type SessionLogEntry } from '../src/index.js';
import { processesOfSession, until } from './processes.js';

/** The absolute path of a one-purpose plugin. */
export function fixturePath(file: string): string {
  return fileURLToPath(new URL(`../../../test-fixtures/plugins/${file}`, import.meta.url));
}

/** How a test waits where a user would wait for seconds. */
export const SHORT_LIMITS = { cancelGraceMs: 150, terminateMs: 150, killMs: 2000, shutdownMs: 1000 };

/** A session with a plugin of test-fixtures/plugins; when the test ends it is closed, and nothing of it may be left. */
export async function openFixture(file: string, options: ConnectPluginOptions = {}) {
  leavesCleanScene();
  const log: SessionLogEntry[] = [];
  const session = await connectPlugin(targetOf(file), {
    name: file,
    onLog: (entry) => void log.push(entry),
    ...options,
    limits: { ...SHORT_LIMITS, ...options.limits },
  });
  onTestFinished(() => closeAndCheck(session));
  return { session, log };
}

/** The error with which connecting to a fixture fails. */
export async function connectError(file: string, options: ConnectPluginOptions = {}): Promise<unknown> {
  return await openFixture(file, options).then(
    () => {
      throw new Error(`${file} could be connected`);
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
  return { command: file.endsWith('.mjs') ? [process.execPath, path] : [path] };
}
