// The floor: JSON lines written and read by hand, with no check of anything.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { ownSession, pluginFile } from './adapter.js';

/** @param {import('./adapter.js').AdapterOptions} options @returns {Promise<import('./adapter.js').Connection>} */
export async function connect({ python }) {
  const child = spawn(python, [pluginFile('echo_lines.py')], { stdio: ['pipe', 'pipe', 'inherit'], ...ownSession });
  /** @type {(result: unknown) => void} */
  let settle = () => undefined;
  let id = 0;
  /** @type {string[]} */
  let parts = [];
  child.stdout.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
    const end = text.indexOf('\n');
    parts.push(end < 0 ? text : text.slice(0, end)); // one answer at a time: nothing follows its end
    if (end < 0) return;
    const line = parts.length === 1 ? parts[0] : parts.join('');
    parts = [];
    settle(/** @type {{ result: unknown }} */ (JSON.parse(line ?? '')).result);
  });

  /** @param {Record<string, string>} params */
  const roundTrip = (params) =>
    new Promise((resolve) => {
      settle = resolve;
      id += 1;
      child.stdin.write(`${JSON.stringify({ id, params })}\n`);
    });

  await roundTrip({});
  return {
    version: process.versions.node,
    roundTrip,
    close: async () => {
      child.stdin.end();
      await once(child, 'close');
    },
  };
}
