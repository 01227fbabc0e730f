// How long the event loop of a host stands still at most while it starts a plugin, with much memory in use or little.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { pluginFile } from '../adapters/adapter.js';
import { serveProbe } from './serve-probe.js';

const [adapter = '', megabytes = '0'] = process.argv.slice(2);
const held = Array.from({ length: Number(megabytes) }, () => Buffer.alloc(2 ** 20, 1)); // written to, so that it is really there

const start = adapter === 'spawn' ? startBare : await bridgeStart();
await serveProbe(process.versions.node, async () => {
  const value = await longestStall(start);
  if (held.length !== Number(megabytes)) throw new Error('The memory is gone.');
  return { value };
});

/** The longest gap between two turns of the event loop while something goes on. @param {() => Promise<void>} run */
async function longestStall(run) {
  let longest = 0;
  let last = performance.now();
  let isOver = false;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) setImmediate(look);
  };
  setImmediate(look);
  await run();
  isOver = true;
  return longest;
}

async function startBare() {
  const child = spawn(process.execPath, ['--version'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdout.resume();
  await once(child, 'close');
}

async function bridgeStart() {
  const { connectPlugin } = await import('@synapse-steps/bridge');
  return async () => {
    const session = await connectPlugin({ python: pluginFile('echo_step.py') });
    await session.close();
  };
}
