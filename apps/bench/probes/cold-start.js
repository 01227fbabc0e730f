// Times how long one adapter needs from nothing to the first answer of a Python program. The program is ended untimed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { serveProbe } from './serve-probe.js';

/** @typedef {import('../adapters/adapter.js').Adapter} Adapter */
/** @typedef {import('../adapters/adapter.js').AdapterOptions} AdapterOptions */

const [adapter = '', optionsText = '{}'] = process.argv.slice(2);
const options = /** @type {AdapterOptions} */ (JSON.parse(optionsText));

if (adapter === 'python-pass') {
  await serveProbe(process.versions.node, timePass);
} else {
  const { connect } = /** @type {Adapter} */ (await import(`../adapters/${adapter}.js`));
  // The first connection finds the interpreter and loads modules, once for a host. It is not a figure.
  const first = await connect(options);
  await first.close();
  await serveProbe(first.version, async () => {
    const start = performance.now();
    const connection = await connect(options);
    const value = performance.now() - start;
    await connection.close();
    return { value };
  });
}

/** The floor: an interpreter that starts, does nothing and ends. */
async function timePass() {
  const start = performance.now();
  const child = spawn(options.python, ['-c', 'pass'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const [code] = /** @type {[number | null]} */ (await once(child, 'exit'));
  if (code !== 0) throw new Error(`${options.python} -c pass ended with ${String(code)}.`);
  return { value: performance.now() - start };
}
