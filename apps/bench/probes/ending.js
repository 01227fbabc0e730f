// Times how long a call takes to end in each bad way, from its cause to the error that the caller gets. The start is not timed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connectPlugin, PluginError } from '@synapse-steps/bridge';
import { pluginFile } from '../adapters/adapter.js';
import { versionOf } from './installed-version.js';
import { serveProbe } from './serve-probe.js';

const [kind = '', python = 'python3'] = process.argv.slice(2);
const cancelGraceMs = 200;

const endings = {
  exit: timeExit,
  crash: () => timeCall('wait', 'signalled', { cause: ({ pid }) => process.kill(pid, 'SIGKILL') }),
  early: () => timeCall('wait', 'cancelled', { cause: ({ stop }) => stop.abort() }),
  cancel: () => timeCall('wait', 'cancelled', { cause: ({ stop }) => stop.abort(), afterMs: 50 }),
  worst: () => timeCall('stubborn', 'killed_after_cancel', { cause: ({ stop }) => stop.abort() }),
};
await serveProbe(kind === 'exit' ? process.versions.node : versionOf('@synapse-steps/bridge'), async () => ({
  value: await endings[/** @type {keyof typeof endings} */ (kind)](),
}));

/** The floor: a killed process, until Node says that it is gone. */
async function timeExit() {
  const child = spawn(python, ['-c', 'import time; print("up", flush=True); time.sleep(600)'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await once(child.stdout, 'data');
  const start = performance.now();
  child.kill('SIGKILL');
  await once(child, 'close');
  return performance.now() - start;
}

/**
 * @param {string} step
 * @param {string} code The code of the error that is to come.
 * @param {{ cause: (call: { pid: number, stop: AbortController }) => void, afterMs?: number }} end What ends it, and how long it has run by then.
 */
async function timeCall(step, code, { cause, afterMs = 0 }) {
  const target = { python: pluginFile('ending_steps.py'), interpreter: python };
  const session = await connectPlugin(target, { limits: { cancelGraceMs }, onLog: () => undefined });
  const pid = session.pid ?? 0;
  const stop = new AbortController();
  let start = 0;
  const listener = {
    onNotification: () => {
      const act = () => {
        start = performance.now();
        cause({ pid, stop });
      };
      if (afterMs === 0) act();
      else setTimeout(act, afterMs);
    },
    onLines: () => undefined,
  };
  const params = {
    run_id: 'bench',
    step,
    params: {},
    step_params: {},
    context: { rev: session.nextRevision(), full: {} },
    attempt: 1,
    idempotency_key: 'bench',
    deadline_ms: null,
  };
  try {
    await session.call({ method: 'execute', step, params, listener, signal: stop.signal });
    throw new Error('The step ended by itself.');
  } catch (error) {
    const elapsed = performance.now() - start;
    if (!PluginError.is(error) || error.code !== code) throw error;
    if (code !== 'cancelled' && isAlive(pid)) throw new Error(`Process ${pid} is still there.`);
    return elapsed;
  } finally {
    await session.close();
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // there is no such process any more
  }
}
